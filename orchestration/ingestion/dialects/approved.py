"""What people approved about the columns of a site's form, as values. How approvals are asked for, written and shown
stands in `columns`; what a load does with them in `reading` and `drift`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Approved:
    """`used`: their new column stands for one of ours, at most one for each. `absent`: one of ours is no longer
    delivered. `known`: a column that the contract doesn't know is no news any more."""

    used: Mapping[str, str] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()


NOTHING_APPROVED = Approved()
