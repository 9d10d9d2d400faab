"""Moving data: what runs, when and in what order.

The Dagster code location (`definitions`, `assets`, `checks`, `automation`, `resources`) is thin wiring over three
packages that know no Dagster: `ingestion` (landing folder to raw history), `derivation` (running dbt) and
`publication` (candidate to published database). Rules live in `validation`, derivations in `dbt_project`.
"""
