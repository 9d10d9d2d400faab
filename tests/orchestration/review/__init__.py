"""What people decide about findings, from the moment they say so until a load takes it in."""
