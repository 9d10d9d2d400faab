"""Every rule of the warehouse: what is looked for, how it is looked for, and what has been found so far.

What belongs here: the rules (`rulebook/`, one declaration each), the Pandera contracts of the tables they look at,
running them over a night's tables (`runner.run_stage`), the ledger of findings (`ledger.merge_findings`,
`quality.write_quality`) and the sentences a monitor reads (`summary.summarise`). What does not: deriving anything a
rule compares (dbt does, in models/checks), showing anything (the Dagster files do). This package knows no Dagster and
imports nothing of orchestration.

Importing it, and asking it for the catalogue, costs next to nothing: Polars and Pandera are imported when rules run.
"""

from validation.catalogue import rule_by_id, rules, tables_of_stage
from validation.rule import Look, Rule, asset_path

__all__ = ["Look", "Rule", "asset_path", "rule_by_id", "rules", "tables_of_stage"]
