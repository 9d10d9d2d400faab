"""Dagster's pages as people see them, in the system's Chromium (`make test-browser`)."""
