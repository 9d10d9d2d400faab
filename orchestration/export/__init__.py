"""What a statistician takes away: the analysis tables of the current publication as files for other tools.

A module per format, each of which writes one table into one file or says why it can't carry it. Nothing is derived here
and no format silently changes a value; what the published tables hold is decided in dbt_project.
"""
