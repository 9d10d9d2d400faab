"""One delivery, from the landing folder to an answer about each of its files.

The bytes are archived first, then judged; the working file is not touched here. What goes wrong with one file or one
site becomes an answer about it. Only what is wrong with this machine, such as a full disk, stops the load.
"""

from __future__ import annotations

from orchestration.ingestion.decision_log import DecidedFile, Decision, final_answer
from orchestration.ingestion.forms import column_names, form_names
from orchestration.ingestion.gate import Answer, date_answer, seems_cut_short, shrinkage_answer
from orchestration.ingestion.manifest import Present, mismatches
from orchestration.ingestion.outcome import LoadContext, Outcome, Task
from orchestration.ingestion.reader import FileRefusedError, read_csv
from orchestration.ingestion.received import Received, ReceivedFile, StillChangingError, receive
from orchestration.ingestion.records import ACCEPTED, DeliveryRow, InForce, Knowledge, NoteRow, Verdict

PROBLEMS_SHOWN = 5


def take_in(context: LoadContext, knowledge: Knowledge, task: Task) -> Outcome:
    """Receive and judge one delivery. `knowledge` is brought up to date with what was accepted."""
    delivery = task.delivery
    try:
        settled = delivery.is_settled(context.settings.settle_seconds, context.now)
        if not settled and not delivery.has_manifest:
            raise StillChangingError(f"something in it changed less than {context.settings.settle_seconds} s ago")
        received = receive(delivery, knowledge.seen.get(delivery.key, {}), context.archive, task.all_anew)
        judge = _Judge(context, knowledge, task, received)
        judge.answer_delivery(settled)
    except StillChangingError as reason:
        return Outcome(delivery, settling=str(reason))
    judge.outcome.seen = received.seen
    judge.outcome.arrivals = received.arrivals
    return judge.outcome


class _Judge:
    """The answers about one delivery, in the order in which the questions are asked."""

    def __init__(self, context: LoadContext, knowledge: Knowledge, task: Task, received: Received) -> None:
        self.context = context
        self.knowledge = knowledge
        self.task = task
        self.received = received
        self.siteid, self.delivered = task.delivery.key
        self.outcome = Outcome(task.delivery)

    def answer_delivery(self, settled: bool) -> None:
        """Answer for the delivery as a whole if need be, else file by file.

        Raises:
            StillChangingError: it doesn't match its manifest, and may yet.
        """
        site = self.context.register.sites.get(self.siteid)
        if site is None:
            reason = f"{self.siteid} is not in the site register; whoever is not in it may not deliver"
            self._answer_whole(Answer("REFUSED", "DEL09", reason))
            return
        refusal = self.task.delivery.problem or site.unsupported
        if refusal is not None:
            self._answer_whole(Answer("REFUSED", "DEL01", refusal))
            return
        answer = date_answer(self.siteid, self.delivered, self.knowledge.latest.get(self.siteid), self.context.clock)
        if answer is None:
            self._read_contents()
            answer = self._manifest_answer(settled)
        if answer is None:
            self._report_missing_forms()
        for file in self.received.to_answer:
            if file.form is not None:
                self._answer_file(file, file.form, answer)
            elif not file.is_manifest:
                about = file.problem or "its name is no form's; it is archived and otherwise left alone"
                self._note(None, None, file.name, file.sha256, f"{file.name}: {about}")

    def _read_contents(self) -> None:
        for file in self.received.files:
            was_read = file.is_new or bool(file.data)
            if file.form is None or not was_read or self._is_in_force(file, file.form):
                continue  # the same bytes again cost a hash
            try:
                file.content = read_csv(file.data, column_names(file.form, self.context.settings.seeds_dir))
            except FileRefusedError as refusal:
                file.refusal = refusal
            except MemoryError:
                raise
            except Exception as error:  # whatever a file does to its reader, it is refused and the others go on
                file.refusal = FileRefusedError("DEL01", f"it can't be read: {type(error).__name__}: {error}")

    def _manifest_answer(self, settled: bool) -> Answer | None:
        manifest = self.received.manifest
        if manifest is None or not self.received.to_answer:
            return None
        present = {
            file.name: Present(file.sha256, self._size(file)[0]) for file in self.received.files if file is not manifest
        }
        problems = [manifest.problem] if manifest.problem else mismatches(manifest.data, present)
        if not problems:
            return None
        if not settled:
            raise StillChangingError(f"it does not match its manifest yet: {problems[0]}")
        reason = f"it does not match its manifest, so nothing of it was taken: {'; '.join(problems[:PROBLEMS_SHOWN])}"
        if len(problems) > PROBLEMS_SHOWN:
            reason += f"; and {len(problems) - PROBLEMS_SHOWN} more"
        answer = Answer("REFUSED", "DEL05", reason)
        self._answer_whole(answer, manifest)
        return answer

    def _report_missing_forms(self) -> None:
        """DEL10. Each form that isn't there keeps its last state."""
        if not self.task.delivery.forms:
            self._answer_whole(Answer("REFUSED", "DEL10", "it holds no file of any form"))
            return
        sequence = self.knowledge.next_sequence()
        for form in form_names(self.context.settings.seeds_dir):
            if form in self.task.delivery.forms or form in self.task.reported_missing:
                continue
            before = self.knowledge.in_force.get((self.siteid, form))
            state = f"the state of {before.delivered} stays in force" if before else "it has never been delivered"
            message = f"{self.siteid}, {self.delivered}: the delivery has no file for {form}; {state}."
            self.outcome.notes.append(
                NoteRow(self.siteid, self.delivered, form, None, None, "DEL10", message, sequence)
            )

    # ------------------------------------------------------------------------------------ one file

    def _answer_file(self, file: ReceivedFile, form: str, answer: Answer | None) -> None:
        before = self.knowledge.in_force.get((self.siteid, form))
        if file.problem is not None:
            answer = Answer("REFUSED", "DEL01", file.problem)
            if Verdict(form, None, answer.status, answer.rule_id, answer.reason) in self.task.verdicts:
                return  # it is in its place still, and was reported when it appeared
        answer = answer or self._content_answer(file, form, before)
        if answer.status == "UNCHANGED" and self._was_accepted(file, form):
            return  # it is judged anew with the rest of its delivery, and what was said holds
        answer = final_answer(answer, self._decision_about(file, form))
        rows, subjects = self._size(file)
        self._add_row(form, file, answer, rows, subjects)
        if answer.status in {"REFUSED", "HELD"} and answer.rule_id and answer.reason:
            self._note(answer.rule_id, form, file.name, file.sha256, f"{file.name}: {answer.reason}")
        if answer.status in {*ACCEPTED, "HELD"} and file.content is not None and file.content.unknown_columns:
            columns = ", ".join(file.content.unknown_columns)
            known = f"the contract does not know its column(s) {columns}; they are kept and not used"
            self._note("DEL04", form, file.name, file.sha256, f"{file.name}: {known}")
        self._report_other_bytes(file, form, answer)
        if answer.status in ACCEPTED and file.sha256 is not None and rows is not None and subjects is not None:
            state = InForce(self.delivered, file.name, file.sha256, rows, subjects)
            self.outcome.in_force[self.siteid, form] = self.knowledge.in_force[self.siteid, form] = state
            self.knowledge.latest[self.siteid] = self.delivered
            if before is None or before.sha256 != file.sha256:
                assert file.content is not None
                self.outcome.contents[form] = file.content

    def _content_answer(self, file: ReceivedFile, form: str, before: InForce | None) -> Answer:
        if self._is_in_force(file, form):
            return Answer("UNCHANGED")
        if file.refusal is not None:
            return Answer("REFUSED", file.refusal.rule_id, str(file.refusal))
        assert file.content is not None
        if self._seems_cut_short(file, before):
            reason = "its last line has no end, unlike its neighbours': it seems to be cut short"
            return Answer("REFUSED", "DEL01", reason)
        rows, subjects = self._size(file)
        return shrinkage_answer(rows or 0, subjects or 0, before, self.context.shrinkage_percent) or Answer("LOADED")

    def _seems_cut_short(self, file: ReceivedFile, before: InForce | None) -> bool:
        if file.content is None or file.content.unfinished_line is None:
            return False
        others = [
            other.data.endswith(b"\n")
            for other in self.received.files
            if other.form is not None and other.data and other is not file
        ]
        bytes_before = None if before is None else self.context.archive.read(before.sha256)
        return seems_cut_short(file.content.unfinished_line, others, bytes_before)

    def _report_other_bytes(self, file: ReceivedFile, form: str, answer: Answer) -> None:
        """DEL11: something else arrived under the same date before."""
        earlier = [verdict.sha256 for verdict in self.task.verdicts if verdict.form == form and verdict.sha256]
        if file.sha256 is None or not earlier or earlier[-1] == file.sha256:
            return
        taken = {"LOADED": "they were taken in place of the earlier ones", "UNCHANGED": "they are those in force"}
        outcome = taken.get(answer.status, f"they are {answer.status.lower()}")
        message = f"{file.name}: other bytes came under the same date than before; {outcome}"
        self._note("DEL11", form, file.name, file.sha256, message)

    # ------------------------------------------------------------------------------------- writing

    def _answer_whole(self, answer: Answer, manifest: ReceivedFile | None = None) -> None:
        sha256 = manifest.sha256 if manifest else None
        if Verdict(None, sha256, answer.status, answer.rule_id, answer.reason) in self.task.verdicts:
            self.outcome.stands = True
            return
        self._add_row(None, manifest, answer)
        self._note(answer.rule_id, None, manifest.name if manifest else None, sha256, answer.reason or "")

    def _add_row(
        self,
        form: str | None,
        file: ReceivedFile | None,
        answer: Answer,
        rows: int | None = None,
        subjects: int | None = None,
    ) -> None:
        name, sha256, size = (file.name, file.sha256, file.landed.state.size) if file else (None, None, None)
        counts = (name, sha256, size, rows, subjects)
        sequence = self.knowledge.next_sequence()
        recorded = (sequence, self.context.load_id, self.context.clock)
        self.outcome.rows.append(
            DeliveryRow(
                self.siteid, self.delivered, form, *counts, answer.status, answer.rule_id, answer.reason, *recorded
            )
        )

    def _note(self, rule_id: str | None, form: str | None, file: str | None, sha256: str | None, about: str) -> None:
        message = f"{self.siteid}, {self.delivered}: {about}."
        note = NoteRow(self.siteid, self.delivered, form, file, sha256, rule_id, message, self.knowledge.sequence)
        if rule_id is not None or note[:6] not in self.knowledge.remarks:
            self.outcome.notes.append(note)

    # ------------------------------------------------------------------------------------- looking

    def _is_in_force(self, file: ReceivedFile, form: str) -> bool:
        in_force = self.knowledge.in_force.get((self.siteid, form))
        return in_force is not None and in_force.sha256 == file.sha256

    def _was_accepted(self, file: ReceivedFile, form: str) -> bool:
        """Whether the last that was said about the form in this delivery is that these bytes count."""
        said = [verdict for verdict in self.task.verdicts if verdict.form == form]
        return bool(said) and said[-1].sha256 == file.sha256 and said[-1].status in ACCEPTED

    def _size(self, file: ReceivedFile) -> tuple[int | None, int | None]:
        """Rows and subjects of a file, as far as they are known."""
        if file.content is not None:
            return file.content.rows, file.content.subjects
        if file.form is not None and self._is_in_force(file, file.form):
            in_force = self.knowledge.in_force[self.siteid, file.form]
            return in_force.rows, in_force.subjects
        return None, None

    def _decision_about(self, file: ReceivedFile, form: str) -> Decision | None:
        return self.context.decisions.get(DecidedFile(self.siteid, self.delivered, form, file.sha256 or ""))
