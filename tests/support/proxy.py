"""A real nginx with the configuration of docs/deployment, and people who come to it with or without a password.

Ports, paths and the name of the machine are put into the shipped file; every rule in it stays as it is.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.webservers import DEPLOYMENT, free_ports

SYSTEM_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
NGINX = shutil.which("nginx", path=SYSTEM_PATH)
OPENSSL = shutil.which("openssl", path=SYSTEM_PATH)
MISSING = " and ".join(name for name, found in (("nginx", NGINX), ("openssl", OPENSSL)) if not found)

HOST = "127.0.0.1"
SHIPPED_PORTS = {"engineers": 3001, "reviewers": 3002, "readers": 3003}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Proxy:
    """Where it listens, and whose word its certificate is."""

    port: int
    plain_port: int
    certificate: Path
    access_log: Path

    @property
    def origin(self) -> str:
        return f"https://{HOST}:{self.port}"

    @property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))


@dataclass(frozen=True)
class Person:
    """Somebody at the proxy."""

    proxy: Proxy
    login: str | None = None
    password: str = field(default="", repr=False)

    @property
    def credentials(self) -> dict[str, str]:
        if self.login is None:
            return {}
        return {"Authorization": "Basic " + base64.b64encode(f"{self.login}:{self.password}".encode()).decode()}

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """One request; a redirection is not followed. Headers are named with _ for -."""
        connection = http.client.HTTPSConnection(HOST, self.proxy.port, timeout=60, context=self.proxy.trust)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, {**self.credentials, **named})
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def ask(self, group: str, query: str, **variables: Any) -> Any:
        """A question, or a wish, to the GraphQL of a group's webserver, as Dagster's pages send it."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        answer = self.request(
            "POST", f"/{group}/graphql?op=Asked", body, Content_Type="application/json", Origin=self.proxy.origin
        )
        # 500 stands beside an answer that Dagster calls PythonError.
        assert answer.status in {200, 500}, (answer.status, answer.body[:2000])
        reply = json.loads(answer.body)
        assert "errors" not in reply, reply["errors"]
        return reply["data"]


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate that this machine signed itself, and its key."""
    certificate, key = folder / "certificate.pem", folder / "certificate-key.pem"
    subprocess.run(
        [
            str(OPENSSL), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={HOST}",
            "-addext", f"subjectAltName=IP:{HOST}", "-keyout", str(key), "-out", str(certificate),
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return certificate, key


def write_passwords(file: Path, passwords: Mapping[str, str]) -> None:
    """A password file, each line made as docs/who-may-do-what.md says."""
    lines = []
    for login, password in passwords.items():
        made = subprocess.run(
            [str(OPENSSL), "passwd", "-6", "-stdin"], input=password, text=True, check=True, capture_output=True
        )
        lines.append(f"{login}:{made.stdout.strip()}\n")
    file.write_text("".join(lines))


def render(folder: Path, ports: Mapping[str, int], port: int, plain_port: int) -> str:
    """The shipped configuration with this test's ports and folder in it."""
    text = (DEPLOYMENT / "nginx.conf").read_text()
    put = {
        "listen 80;": f"listen {HOST}:{plain_port};",
        "listen 443 ssl;": f"listen {HOST}:{port} ssl;",
        "/var/log/nginx/": f"{folder}/",
        **{f"http://127.0.0.1:{SHIPPED_PORTS[group]};": f"http://127.0.0.1:{ports[group]};" for group in ports},
    }
    for shipped, here in put.items():
        assert text.count(shipped) == 1, shipped
        text = text.replace(shipped, here)
    return text.replace("/etc/mrbs/", f"{folder}/")


@contextmanager
def proxy(folder: Path, ports: Mapping[str, int], people: Mapping[str, Mapping[str, str]]) -> Iterator[Proxy]:
    """nginx before the webservers at `ports`, with a password file of `people` for each group."""
    certificate, _ = make_certificate(folder)
    for group, passwords in people.items():
        write_passwords(folder / f"{group}.passwords", passwords)
    port, plain_port = free_ports(2)
    (folder / "mrbs.conf").write_text(render(folder, ports, port, plain_port))
    (folder / "nginx.conf").write_text(_around(folder))
    process = subprocess.Popen(
        [str(NGINX), "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    )
    running = Proxy(port, plain_port, certificate, folder / "mrbs.log")
    try:
        _wait_until_up(running, process, folder / "error.log")
        yield running
    finally:
        process.terminate()
        process.wait(timeout=20)


def _around(folder: Path) -> str:
    """What Debian's own nginx.conf has around the files of conf.d, inside one folder and in the foreground."""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "\n".join(f"    {kind}_temp_path {folder}/{kind};" for kind in kinds)
    user = "user root;" if os.geteuid() == 0 else ""
    return (
        f"{user} daemon off; worker_processes 1; pid {folder}/nginx.pid; events {{}}\n"
        f"http {{\n{temporary}\n    include {folder}/mrbs.conf;\n}}\n"
    )


def _wait_until_up(running: Proxy, process: subprocess.Popen[bytes], log: Path, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            Person(running).request("GET", "/")
            return
        except ConnectionError:
            time.sleep(0.1)
    raise AssertionError(f"nginx does not answer\n{log.read_text()}")
