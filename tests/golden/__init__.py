"""Golden cases: subjects worked out by hand from the protocol, each of them a trap.

What belongs here: the cases (``cases/*.yml``), what they have in common (``standard.yml``), the columns an expectation
may name (``published_tables.yml``), and the little that turns cases into a landing folder and compares what comes out.
What does not: anything computed by the warehouse's own code. An expected value is derived by hand from the protocol, so
that it can disagree with the SQL; where the two disagree, the protocol decides, never the output.
"""
