"""How sites write what they know: one module per way of writing, and the catalogue of them.

What belongs here: turning a night's forms into the files a system exports, and the lines of the register with which a
load reads the same values out of them again. What does not: which rows a night shows (deliveries.py), and reading.
"""
