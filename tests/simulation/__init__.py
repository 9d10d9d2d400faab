"""Tests of the simulated trial."""
