"""The monitors' review: what a person reads every morning of what the night found."""
