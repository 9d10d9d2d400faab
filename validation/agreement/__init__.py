"""INV08: the endpoint as published beside the endpoint as derived a second time.

    delivered_subjects   who was delivered, by what fingerprint, and the raw rows of those who must be derived again
    kept                 what the second derivation said about each subject, kept from night to night
    comparison           both derivations side by side, a row for each value that must agree

The second derivation itself is in `validation.second_derivation`, which knows no warehouse; the rule, and what happens
when it is broken, in the rulebook. Everyone is compared every night, in one query; what a second derivation says of a
subject is worked out again only when its raw rows, its site cut, the protocol or the code of that derivation changed.
"""

from validation.agreement.comparison import comparison_frames
from validation.agreement.kept import Renewal, renew

__all__ = ["Renewal", "comparison_frames", "renew"]
