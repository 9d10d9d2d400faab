"""The readers of site exports: one module per format, each turning a file into the same tables of text.

Nothing in here knows Dagster, the site register or the forms of the trial: bytes and a description of how to read
them in, tables or one refusal out. What a column means is decided by whoever asked.
"""
