"""Tests of the site indicators: the rule, the counts that come from the ledger, the history over nights."""
