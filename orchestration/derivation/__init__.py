"""Running the dbt project inside the load's own process: the parsed project, and one build of it.

No derivation stands here (they are SQL, in dbt_project) and nothing here knows Dagster.
"""
