"""The warehouse's assets: raw history, dbt's tables, the publication. Each file is one step of the load."""
