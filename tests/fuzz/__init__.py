"""Bytes thrown at every reader of a site's files: `make fuzz`, or `python -m tests.fuzz`.

    __main__   the command: for how long, which readers, progress, and what was found
    targets    every way in which the project reads bytes of a site, and the property that holds of each
    damage     how whole files are damaged, drawn by Hypothesis
    child      the process that reads; it may die, hang or ask for too much memory
    watched    the process that watches it, and says which
    rounds     rounds of Hypothesis for a while, and where a finding's bytes are kept

What a reader makes of a certain damage is no matter of this package: that is tests/orchestration/ingestion. Whatever
was found here became a test there, with its bytes.
"""
