"""Tests of the rules, of running them, of the ledger and of what a monitor is told."""
