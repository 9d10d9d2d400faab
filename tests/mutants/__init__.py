"""Tests of the tests: the SQL is made wrong on purpose, one place at a time, and a golden case has to notice.

    catalogue/*.yml      what is made wrong, and who would be harmed by it; what was tried and can't be noticed
    mutations.py         reads that catalogue
    golden_trial.py      the golden trial as one database, and what its cases expect
    running.py           makes one thing wrong, derives again, compares
    __main__.py          `python -m tests.mutants`, the whole list

What belongs here: mistakes that a person could make in the SQL or in a seed, and the little that tries them. What does
not: expectations. A mistake that nothing notices (a survivor) is answered by a golden case (tests/golden/cases), worked
out by hand from the protocol, never by an expectation here. How an entry is written: catalogue/README.md.
"""
