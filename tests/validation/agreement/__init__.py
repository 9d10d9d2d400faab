"""Tests of INV08: both derivations side by side."""
