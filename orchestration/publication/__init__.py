"""From the candidate file to what people open: completed, verified, replaced in one rename.

Nothing is derived here and nothing here knows Dagster; what the published tables hold is decided in dbt_project
and in validation.
"""
