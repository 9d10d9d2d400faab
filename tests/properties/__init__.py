"""Properties of the endpoint: what must hold on any trial, shown on random ones.

What belongs here: random subjects (trials.py, situations/), both derivations side by side (both.py), making a
counterexample small (shrinking.py), and the properties themselves (test_*.py). What does not: worked examples with
values that a person derived (tests/golden), and rows that a simulated site would deliver (simulation).
"""
