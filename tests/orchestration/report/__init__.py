"""The report: its numbers counted by hand on nine subjects, its file, and what a hostile site can put into it."""
