"""What each dialect writes, read back by the project's readers and by libraries that are not the project's."""
