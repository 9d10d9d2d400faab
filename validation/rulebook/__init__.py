"""The rules themselves, one module per group of the catalogue; each module has a RULES tuple.

A rule is one declaration (`validation.rule.Rule`). What it compares is derived in dbt (models/checks); here stands only
what must hold and what a person is told when it does not. Adding a rule: declare it, add it to its module's RULES.
"""
