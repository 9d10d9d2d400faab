"""The pages that monitors read, over publications of a few rows."""
