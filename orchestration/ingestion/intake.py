"""One delivery, from the landing folder to an answer about each of its files.

The bytes are archived first, then judged; the working file is not touched here. What goes wrong with one file or one
site becomes an answer about it. Only what is wrong with this machine, such as a full disk, stops the load.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from orchestration.ingestion.archive import ArchiveDamagedError
from orchestration.ingestion.decision_log import final_answer
from orchestration.ingestion.dialects.read_forms import read_forms
from orchestration.ingestion.drift import gate_answer, refusal_reason, unknown_reason
from orchestration.ingestion.forms import form_names
from orchestration.ingestion.gate import Answer, date_answer, seems_cut_short
from orchestration.ingestion.known_forms import KnownForms
from orchestration.ingestion.manifest import Present, mismatches
from orchestration.ingestion.outcome import LoadContext, Outcome, Task
from orchestration.ingestion.reader import FileRefusedError, FormContent, ends_with_line_break
from orchestration.ingestion.received import Received, ReceivedFile, StillChangingError, receive
from orchestration.ingestion.records import ACCEPTED, DeliveryRow, InForce, Knowledge, NoteRow, Verdict

PROBLEMS_SHOWN = 5
LONGEST_REASON = 500


def take_in(context: LoadContext, knowledge: Knowledge, task: Task) -> Outcome:
    """Receive and judge one delivery. `knowledge` is brought up to date with what was accepted."""
    delivery = task.delivery
    try:
        settled = delivery.is_settled(context.settings.settle_seconds, context.now)
        if not settled and not delivery.has_manifest:
            raise StillChangingError(f"something in it changed less than {context.settings.settle_seconds} s ago")
        before = replace(knowledge, in_force=dict(knowledge.in_force), latest=dict(knowledge.latest))
        received = receive(delivery, knowledge.seen.get(delivery.key, {}), context.archive, task.all_anew)
        judge = _Judge(context, knowledge, task, received)
        try:
            judge.answer_delivery(settled)
        except (StillChangingError, OSError, MemoryError, ArchiveDamagedError):
            raise
        except Exception as error:  # a mistake of the program over one delivery costs no other its night
            judge = _Judge(context, before, task, Received())
            judge.answer_mistake(error)
            knowledge.in_force, knowledge.latest = before.in_force, before.latest
            knowledge.sequence = before.sequence
            judge.outcome.arrivals = received.arrivals
            return judge.outcome
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
        self.known = KnownForms(context, knowledge, task)
        self.outcome = Outcome(task.delivery)

    def answer_delivery(self, settled: bool) -> None:
        """Answer for the delivery as a whole if need be, else file by file.

        Raises:
            StillChangingError: it doesn't match its manifest, and may yet.
        """
        unusable = self.context.register.unusable.get(self.siteid)
        if self.siteid not in self.context.register.sites and unusable is None:
            reason = f"{self.siteid} is not in the site register; whoever is not in it may not deliver"
            self._answer_whole(Answer("REFUSED", "DEL09", reason))
            return
        refusal = self.task.delivery.problem or unusable
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
            for form in file.forms:
                if self.known.has_form(file, form):
                    self._answer_file(file, form, answer)
            if not file.forms and not file.is_manifest:
                about = file.problem or "its name is no form's; it is archived and otherwise left alone"
                self._note(None, None, file.name, file.sha256, f"{file.name}: {about}")

    def answer_mistake(self, error: Exception) -> None:
        """Nothing of the delivery is taken, and the next load tries again."""
        reason = f"it could not be judged: {type(error).__name__}: {error}"
        self._answer_whole(Answer("REFUSED", "DEL01", " ".join(reason.split())[:LONGEST_REASON]))

    def _read_contents(self) -> None:
        for file in self.received.files:
            if file.problem is not None or not (file.is_new or file.data):
                continue  # it is as it was, and was answered
            readings = self.known.to_read(file)
            if readings:
                file.read = read_forms(file.data, readings, self.known.readings(file))

    def _manifest_answer(self, settled: bool) -> Answer | None:
        manifest = self.received.manifest
        if manifest is None or not self.received.to_answer:
            return None
        present = {
            file.name: Present(file.sha256, self.known.delivered_rows(file))
            for file in self.received.files
            if file is not manifest
        }
        problems = [manifest.problem] if manifest.problem else mismatches(_all_of(manifest.data), present)
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
        there = {form for file in self.received.files for form in file.forms if self.known.has_form(file, form)}
        for form in form_names(self.context.settings.seeds_dir):
            if form in there or form in self.task.reported_missing:
                continue
            before = self.known.before(form)
            state = f"the state of {before.delivered} stays in force" if before else "it has never been delivered"
            lacks = "holds nothing of" if form in self.task.delivery.forms else "has no file for"
            message = f"{self.siteid}, {self.delivered}: the delivery {lacks} {form}; {state}."
            self.outcome.notes.append(
                NoteRow(self.siteid, self.delivered, form, None, None, "DEL10", message, sequence)
            )

    # ------------------------------------------------------------------------------------ one file

    def _answer_file(self, file: ReceivedFile, form: str, answer: Answer | None) -> None:
        before = self.known.before(form)
        if file.problem is not None:
            answer = Answer("REFUSED", "DEL01", file.problem)
            if Verdict(form, None, answer.status, answer.rule_id, answer.reason) in self.task.verdicts:
                return  # it is in its place still, and was reported when it appeared
        answer = answer or self._content_answer(file, form, before)
        if answer.status == "UNCHANGED" and self.known.was_accepted(file, form):
            return  # it is judged anew with the rest of its delivery, and what was said holds
        answer = final_answer(answer, self.known.decision(file, form))
        rows, subjects = self.known.size(file, form)
        self._add_row(form, file, answer, rows, subjects)
        if answer.status in {"REFUSED", "HELD"} and answer.rule_id and answer.reason:
            self._note(answer.rule_id, form, file.name, file.sha256, f"{file.name}: {answer.reason}")
        content = self.known.content(file, form)
        if answer.status in {*ACCEPTED, "HELD"} and content is not None:
            self._report_columns(file, form, content, before)
        self._report_other_bytes(file, form, answer)
        if answer.status in ACCEPTED and file.sha256 is not None and rows is not None and subjects is not None:
            is_news = not self.known.is_in_force(file, form)
            particular = self.known.particular(file, form)
            columns = particular.as_json() if particular is not None else before and before.columns
            state = InForce(
                self.delivered, file.name, file.sha256, rows, subjects, self.known.fingerprint(form), columns
            )
            self.outcome.in_force[self.siteid, form] = self.knowledge.in_force[self.siteid, form] = state
            self.knowledge.latest[self.siteid] = self.delivered
            if is_news:
                assert content is not None
                self.outcome.contents[form] = content

    def _content_answer(self, file: ReceivedFile, form: str, before: InForce | None) -> Answer:
        if self.known.is_in_force(file, form):
            return Answer("UNCHANGED")
        found = file.read[form]
        if isinstance(found, FileRefusedError):
            return Answer("REFUSED", found.rule_id, refusal_reason(found, before))
        assert found is not None
        if self._seems_cut_short(file, found, before):
            reason = "its last line has no end, unlike its neighbours': it seems to be cut short"
            return Answer("REFUSED", "DEL01", reason)
        return self._gate_answer(file, form, found, before) or Answer("LOADED")

    def _gate_answer(
        self, file: ReceivedFile, form: str, content: FormContent, before: InForce | None
    ) -> Answer | None:
        """DEL07 and DEL13: whoever releases a file must know both."""
        particular = self.known.particular(file, form)
        assert particular is not None
        return gate_answer(content, particular, before, self.known.approved(form), self.context.shrinkage_percent)

    def _seems_cut_short(self, file: ReceivedFile, content: FormContent, before: InForce | None) -> bool:
        if content.unfinished_line is None:
            return False
        others = [
            ends_with_line_break(other.data)
            for other in self.received.files
            if other.forms and other.data and other is not file
        ]
        bytes_before = None if before is None else self.context.archive.read(before.sha256)
        return seems_cut_short(content.unfinished_line, others, bytes_before)

    def _report_columns(self, file: ReceivedFile, form: str, content: FormContent, before: InForce | None) -> None:
        """DEL04."""
        reason = unknown_reason(content, before, self.known.approved(form))
        if reason is not None:
            self._note("DEL04", form, file.name, file.sha256, f"{file.name}: {reason}")

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
        reading = self.known.fingerprint(form) if form and sha256 else None
        recorded = (sequence, self.context.load_id, self.context.clock, reading)
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


def _all_of(data: Path | bytes) -> bytes:
    return data if isinstance(data, bytes) else data.read_bytes()
