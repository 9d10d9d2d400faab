"""The tests mirror the top-level folders; `end_to_end` runs whole nights, `golden` holds the hand-worked subjects."""
