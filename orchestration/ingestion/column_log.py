"""The log of approvals about columns: what people decided about a column that was new, renamed, gone or of another
kind; who, why and when.

One file of lines, only ever appended to, beside the decisions about deliveries; so that what raw holds can be made
again from the archive, the register and these. Whether an approval makes sense is checked in `columns`.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Literal

from orchestration.ingestion.archive import append_lines, read_lines
from orchestration.ingestion.dialects.approved import Approved
from orchestration.ingestion.settings import Settings

FILE = "columns.jsonl"
Kind = Literal["use", "absent", "known"]


@dataclass(frozen=True)
class Approval:
    """One approval. `column` is theirs, or ours where ours is gone or of another kind; `ours` only for `use`."""

    kind: Kind
    siteid: str
    form: str
    column: str
    ours: str
    name: str
    reason: str
    time: str

    @property
    def sentence(self) -> str:
        what = {
            "use": f"{self.column} is taken into use as {self.ours}",
            "absent": f"{self.column} is no longer delivered and taken as missing",
            "known": f"{self.column} is kept and not used",
        }[self.kind]
        return f"{self.siteid}: {self.form}: {what}, approved by {self.name}: {self.reason}"


def approvals(settings: Settings) -> list[Approval]:
    """Every approval, the oldest first."""
    fields = {field.name for field in dataclasses.fields(Approval)}
    return [
        Approval(**entry)  # type: ignore[arg-type]
        for entry in read_lines(settings.decisions_dir / FILE)
        if entry.keys() == fields  # another line was not written by this program, and must not cost a night
    ]


def standing_approvals(made: Iterable[Approval]) -> dict[tuple[str, str], Approved]:
    """What is approved about each form of each site."""
    found: dict[tuple[str, str], dict[Kind, dict[str, str]]] = {}
    for approval in made:
        kinds = found.setdefault((approval.siteid, approval.form), {})
        for kind in kinds.values():
            kind.pop(approval.column, None)  # the last word about a column holds
        if approval.kind == "use":  # and the last about one of ours
            replaced = [column for column, ours in kinds.get("use", {}).items() if ours == approval.ours]
            for column in replaced:
                del kinds["use"][column]
        kinds.setdefault(approval.kind, {})[approval.column] = approval.ours
    return {
        key: Approved(
            used=kinds.get("use", {}),
            absent=frozenset(kinds.get("absent", ())),
            known=frozenset(kinds.get("known", ())),
        )
        for key, kinds in found.items()
    }


def record_approval(
    settings: Settings, kind: Kind, siteid: str, form: str, column: str, ours: str, name: str, reason: str
) -> Approval:
    """Append one approval."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    made = Approval(kind, siteid, form, column.lower(), ours, name, reason, now)
    settings.decisions_dir.mkdir(parents=True, exist_ok=True)
    append_lines(settings.decisions_dir / FILE, [json.dumps(asdict(made)) + "\n"])
    return made
