"""What is known about the forms in a delivery's files: whether they count already, what was read of them, how large
they are, what people said. Questions only; what follows from the answers is decided in `intake`.
"""

from __future__ import annotations

from orchestration.ingestion.decision_log import DecidedFile, Decision
from orchestration.ingestion.dialects.approved import NOTHING_APPROVED, Approved
from orchestration.ingestion.dialects.reading import Reading
from orchestration.ingestion.drift import Particular
from orchestration.ingestion.outcome import LoadContext, Task
from orchestration.ingestion.reader import FormContent
from orchestration.ingestion.received import ReceivedFile
from orchestration.ingestion.records import ACCEPTED, InForce, Knowledge


class KnownForms:
    """The forms of one site, as a load knows them when it looks at one delivery."""

    def __init__(self, context: LoadContext, knowledge: Knowledge, task: Task) -> None:
        self._context = context
        self._knowledge = knowledge
        self._task = task
        self._siteid, self._delivered = task.delivery.key
        self._particular: dict[tuple[str, str], Particular] = {}

    def before(self, form: str) -> InForce | None:
        """The accepted state of a form that counts now."""
        return self._knowledge.in_force.get((self._siteid, form))

    def fingerprint(self, form: str) -> str | None:
        """What tells how a form is read from how it was read before."""
        return self._context.readings.fingerprint(self._siteid, form)

    def is_in_force(self, file: ReceivedFile, form: str) -> bool:
        """Whether these bytes, read in this way, are what counts."""
        before = self.before(form)
        return before is not None and (before.sha256, before.reading) == (file.sha256, self.fingerprint(form))

    def to_read(self, file: ReceivedFile) -> list[Reading]:
        """How to read what a file holds and does not count yet: the same bytes again cost a hash."""
        return [reading for reading in self.readings(file) if not self.is_in_force(file, reading.form)]

    def readings(self, file: ReceivedFile) -> list[Reading]:
        """How each form is read that a file is said to hold."""
        readings = [self._context.readings.of(self._siteid, form) for form in file.forms]
        return [reading for reading in readings if reading is not None]

    def has_form(self, file: ReceivedFile, form: str) -> bool:
        """Whether a file holds a form that it is said to hold: a file of many forms may lack some."""
        return form not in file.read or file.read[form] is not None

    def content(self, file: ReceivedFile, form: str) -> FormContent | None:
        """What was read of a form, if it was and could be."""
        found = file.read.get(form)
        return found if isinstance(found, FormContent) else None

    def particular(self, file: ReceivedFile, form: str) -> Particular | None:
        """What is particular about the columns of what was read."""
        key, content = (file.name, form), self.content(file, form)
        if content is not None and key not in self._particular:
            self._particular[key] = Particular.of(content, form, self._context.settings.seeds_dir)
        return self._particular.get(key)

    def size(self, file: ReceivedFile, form: str) -> tuple[int | None, int | None]:
        """Records and subjects of a form in a file, as far as they are known."""
        content, before = self.content(file, form), self.before(form)
        if content is not None:
            return content.rows, content.subjects
        if before is not None and self.is_in_force(file, form):
            return before.rows, before.subjects
        return None, None

    def delivered_rows(self, file: ReceivedFile) -> int | None:
        """Rows of a file as its site counts them, where that is known: of one form, read now or canonical."""
        if len(file.forms) != 1:
            return None
        (form,) = file.forms
        content = self.content(file, form)
        if content is not None and content.delivered_rows is not None:
            return content.delivered_rows
        return self.size(file, form)[0] if self.fingerprint(form) is None else None

    def was_accepted(self, file: ReceivedFile, form: str) -> bool:
        """Whether the last that was said about the form in this delivery is that these bytes count."""
        said = [verdict for verdict in self._task.verdicts if verdict.form == form]
        return bool(said) and said[-1].sha256 == file.sha256 and said[-1].status in ACCEPTED

    def decision(self, file: ReceivedFile, form: str) -> Decision | None:
        """What a person decided about a file."""
        return self._context.decisions.get(DecidedFile(self._siteid, self._delivered, form, file.sha256 or ""))

    def approved(self, form: str) -> Approved:
        """What people approved about a form's columns."""
        reading = self._context.readings.of(self._siteid, form)
        return reading.approved if reading is not None else NOTHING_APPROVED
