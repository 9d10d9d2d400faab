"""Where news goes: a webhook and e-mail, as the environment says. What is said belongs in `news_text`.

MRBS_NEWS_WEBHOOK     address that takes {"text": ...}: Slack, Mattermost, Teams and others
MRBS_NEWS_MAIL_TO     addresses, with commas between
MRBS_NEWS_MAIL_FROM   sender; default mrbs@<this machine>
MRBS_SMTP             mail server, host:port; default localhost:25
MRBS_SMTP_LOGIN, MRBS_SMTP_PASSWORD     only where the server wants them; then only over TLS
"""

from __future__ import annotations

import json
import os
import smtplib
import socket
import ssl
import urllib.request
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol

from orchestration.automation.news_text import News

SECONDS = 30


class Channel(Protocol):
    """Somewhere to send to. `send` raises OSError when it could not be delivered."""

    @property
    def name(self) -> str: ...

    def send(self, news: News) -> None: ...


@dataclass(frozen=True)
class Webhook:
    """A chat's incoming webhook. The address is a secret and is never repeated in an error."""

    address: str
    name: str = "webhook"

    def send(self, news: News) -> None:
        body = json.dumps({"text": f"{news.subject}\n{news.text}"}).encode()
        request = urllib.request.Request(self.address, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=SECONDS):
            pass


@dataclass(frozen=True)
class Mail:
    """Plain text by SMTP, encrypted wherever the server offers it."""

    to: str
    sender: str
    server: str
    login: str
    password: str
    name: str = "mail"

    def send(self, news: News) -> None:
        message = EmailMessage()
        message["Subject"], message["From"], message["To"] = news.subject, self.sender, self.to
        message.set_content(news.text)
        host, _, port = self.server.partition(":")
        with smtplib.SMTP(host, int(port or 25), timeout=SECONDS) as server:
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
            elif self.login:
                raise OSError(f"{self.server} offers no TLS, and a password is not sent without")
            if self.login:
                server.login(self.login, self.password)
            server.send_message(message)


def channels() -> list[Channel]:
    """Every channel that the environment names."""
    there: list[Channel] = []
    if address := os.environ.get("MRBS_NEWS_WEBHOOK"):
        there.append(Webhook(address))
    if to := os.environ.get("MRBS_NEWS_MAIL_TO"):
        there.append(
            Mail(
                to=to,
                sender=os.environ.get("MRBS_NEWS_MAIL_FROM") or f"mrbs@{socket.getfqdn()}",
                server=os.environ.get("MRBS_SMTP") or "localhost:25",
                login=os.environ.get("MRBS_SMTP_LOGIN", ""),
                password=os.environ.get("MRBS_SMTP_PASSWORD", ""),
            )
        )
    return there
