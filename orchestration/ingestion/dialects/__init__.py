"""From a site's own way of writing to the canonical form, as the register declares it: here a site's dialect ends.

`reading` is how one form of one site is read, `read_forms` the way in. What the formats are (`formats`) and what
becomes of a file (`intake`) is not known here. What can't be turned into the canonical form stays as it came, and the
checks tell of it.
"""
