"""Listings of open findings for the sites: per site a CSV and a workbook that an EDC or a person can take in.

Which findings and columns: `findings`. What is withheld because a person may have typed it: `withheld`. How the files
are written, safe to open and whole: `files`. Listings on a terminal are another thing (`orchestration.listings`).
"""
