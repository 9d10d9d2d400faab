"""How a subject's course is written down, form by form.

What belongs here: turning what happened into the rows of the 14 forms, with the day each was entered.
What does not: deciding what happened, and spoiling rows afterwards (planting.py).
"""
