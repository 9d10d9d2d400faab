"""The readers of formats: files written here by other libraries, real files where they are at hand, and damage."""
