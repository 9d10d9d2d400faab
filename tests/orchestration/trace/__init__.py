"""The proof of one subject's response: facts worked out by hand, and file rows looked up in the delivered files."""
