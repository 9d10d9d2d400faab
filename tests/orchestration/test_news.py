"""The news after a night, sent for real: to a web server and to a mail server on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from aiosmtpd.controller import Controller

from orchestration.automation.jobs import NIGHTLY_LOAD
from orchestration.automation.news import NotToldError, news
from orchestration.automation.news_text import news_of_load
from orchestration.checks.run_tags import CHECKS
from tests.orchestration.findings.reviewed_trial import ReviewedTrial, at
from tests.support.webservers import free_ports

FIRST = date(2026, 3, 2)
SECOND = FIRST + timedelta(days=1)


@dg.op
def nothing() -> None:
    """An op to make a job of."""


@dg.job(name=NIGHTLY_LOAD)
def a_load() -> None:
    """A job with the load's name, which ends well."""
    nothing()


class Chat:
    """A web server that takes webhooks, or refuses them."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.status = 200
        chat = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if chat.status == 200:
                    chat.said.append(json.loads(body)["text"])
                self.send_response(chat.status)
                self.end_headers()

            def log_message(self, *words: object) -> None:
                """Quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/secret"


class Mailbox:
    """What aiosmtpd hands its mails to."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], Any]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content)))
        return "250 OK"


@pytest.fixture
def chat() -> Iterator[Chat]:
    chat = Chat()
    yield chat
    chat.server.shutdown()
    chat.server.server_close()


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.instance_for_test() as instance:
        yield instance


@pytest.fixture
def trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReviewedTrial:
    """Two nights: two findings at S01 and one at S02 in the first, of which S01's second is mended; one more at S02."""
    trial = ReviewedTrial(tmp_path)
    trial.load(FIRST, at("S01", 1), at("S01", 2), at("S02", 1))
    trial.load(SECOND, at("S01", 1), at("S02", 1), at("S02", 2))
    monkeypatch.setenv("MRBS_WAREHOUSE_DIR", str(trial.settings.warehouse_dir))
    for name in ("MRBS_NEWS_WEBHOOK", "MRBS_NEWS_MAIL_TO", "MRBS_UI_URL"):
        monkeypatch.delenv(name, raising=False)
    return trial


def tick(instance: dg.DagsterInstance, cursor: str | None) -> tuple[str, str]:
    """One tick of the sensor: what it says, and its cursor."""
    context = dg.build_sensor_context(instance, cursor=cursor)
    (said,) = list(news(context))
    return str(said.skip_message), str(context.cursor)


def a_moment_ago(*channels: str) -> str:
    return json.dumps(dict.fromkeys(channels, (datetime.now(UTC) - timedelta(minutes=1)).isoformat()))


def test_what_is_said_holds_counts_and_no_subject(trial: ReviewedTrial, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MRBS_UI_URL", "https://mrbs.example.org/readers/")
    said = news_of_load(trial.settings.published_file)
    assert said.subject == "MRBS 2026-03-03: 1 new finding at 1 site, 1 of them CRITICAL"
    lines = said.text.splitlines()
    assert lines[0].startswith("CRITICAL VAL02 ")
    assert lines[0].endswith(": 1 at S02")
    assert lines[1:] == [
        "3 open in all, 0 of them overdue.",
        "https://mrbs.example.org/readers/assets/review/landing_page",
    ]
    assert "S02-0002" not in said.text
    assert "JA" not in said.text


def test_it_is_off_until_somebody_switches_it_on() -> None:
    assert news.default_status == dg.DefaultSensorStatus.STOPPED


def test_switched_on_with_nobody_to_tell(trial: ReviewedTrial, instance: dg.DagsterInstance) -> None:
    assert "MRBS_NEWS_WEBHOOK" in tick(instance, None)[0]


def test_each_load_is_told_once_to_a_webhook_and_by_mail(
    trial: ReviewedTrial, instance: dg.DagsterInstance, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = Mailbox()
    (port,) = free_ports(1)
    mail_server = Controller(mailbox, hostname="127.0.0.1", port=port)
    mail_server.start()
    try:
        monkeypatch.setenv("MRBS_NEWS_WEBHOOK", chat.address)
        monkeypatch.setenv("MRBS_NEWS_MAIL_TO", "a.meyer@example.org, c.blanc@example.org")
        monkeypatch.setenv("MRBS_SMTP", f"127.0.0.1:{port}")
        a_load.execute_in_process(instance=instance)
        said, cursor = tick(instance, a_moment_ago("webhook", "mail"))
        assert said == "2 messages sent"
        assert tick(instance, cursor)[0] == "0 messages sent"
    finally:
        mail_server.stop()
    assert [text.splitlines()[0] for text in chat.said] == [
        "MRBS 2026-03-03: 1 new finding at 1 site, 1 of them CRITICAL"
    ]
    ((recipients, mail),) = mailbox.mails
    assert recipients == ["a.meyer@example.org", "c.blanc@example.org"]
    assert mail["Subject"] == "MRBS 2026-03-03: 1 new finding at 1 site, 1 of them CRITICAL"
    assert "VAL02" in mail.get_payload(decode=True).decode()


def test_a_channel_that_is_new_hears_of_the_loads_to_come(
    trial: ReviewedTrial, instance: dg.DagsterInstance, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_load.execute_in_process(instance=instance)
    monkeypatch.setenv("MRBS_NEWS_WEBHOOK", chat.address)
    _, cursor = tick(instance, None)
    assert chat.said == []
    a_load.execute_in_process(instance=instance)
    tick(instance, cursor)
    assert len(chat.said) == 1


def test_what_could_not_be_sent_is_sent_later(
    trial: ReviewedTrial, instance: dg.DagsterInstance, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The chat refuses; the tick fails, without the address, which is a secret; the next one sends."""
    monkeypatch.setenv("MRBS_NEWS_WEBHOOK", chat.address)
    a_load.execute_in_process(instance=instance)
    before = a_moment_ago("webhook")
    chat.status = 503
    with pytest.raises(NotToldError, match="webhook: HTTP Error 503") as refused:
        tick(instance, before)
    assert "secret" not in str(refused.value)
    chat.status = 200
    assert tick(instance, before)[0] == "1 messages sent"


def test_a_channel_that_is_down_costs_the_other_nothing(
    trial: ReviewedTrial, instance: dg.DagsterInstance, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MRBS_NEWS_WEBHOOK", chat.address)
    monkeypatch.setenv("MRBS_NEWS_MAIL_TO", "a.meyer@example.org")
    monkeypatch.setenv("MRBS_SMTP", "127.0.0.1:9")  # nobody listens there
    a_load.execute_in_process(instance=instance)
    before = a_moment_ago("webhook", "mail")
    said, cursor = tick(instance, before)
    assert said.startswith("1 messages sent; trying again: mail: ")
    assert len(chat.said) == 1
    assert json.loads(cursor)["mail"] == json.loads(before)["mail"]


def test_a_load_that_published_nothing_is_told_as_that(
    trial: ReviewedTrial, instance: dg.DagsterInstance, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MRBS_NEWS_WEBHOOK", chat.address)
    run = instance.create_run_for_job(a_load, tags={CHECKS: "held back by INV08, 2 red"})
    instance.report_run_failed(run)
    tick(instance, a_moment_ago("webhook"))
    assert chat.said == [
        f"MRBS: load {run.run_id[:8]} ended as FAILURE\n"
        "The last good publication stays; checks: held back by INV08, 2 red. Tell the data engineers."
    ]
