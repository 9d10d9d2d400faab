"""Tests of the derivations, one file per step: small tables of delivered rows with the expected rows beside them."""
