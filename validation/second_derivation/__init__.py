"""The trial's endpoint derived a second time, subject by subject, to disagree with the warehouse when either is wrong.

What belongs here: everything between the text a site delivered and the response of a subject, written from the
protocol (design/trial.md) and the contract with the sites (design/site-exports.md) alone. What does not: reading
files or the warehouse, comparing the two derivations, and anything learned from how the warehouse derives it; sharing
code with the first derivation would share its mistakes. Standard library only, exact numbers only.
"""

from validation.second_derivation.delivered import DeliveredSubject, site_cut
from validation.second_derivation.results import PlannedInfusion, SubjectDerivation, VisitResponse
from validation.second_derivation.subject import derive_subject

__all__ = [
    "DeliveredSubject",
    "PlannedInfusion",
    "SubjectDerivation",
    "VisitResponse",
    "derive_subject",
    "site_cut",
]
