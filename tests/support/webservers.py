"""The three webservers of docs/deployment, started as their systemd units say, on one instance and on free ports.

The proxy before them stands in `proxy`; what each may do is for the tests to say.
"""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.support.dagster_dev import ROOT
from tests.support.load import environment

DEPLOYMENT = ROOT / "docs" / "deployment"
GROUPS = ("engineers", "reviewers", "readers")
# A job that may be asked for as it is: nothing in its launchpad is filled in, and nothing runs it here.
REVIEW_JOB = "comment_findings"


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def command(group: str, port: int) -> list[str]:
    """What the group's systemd unit starts; from this environment, on this port."""
    unit = (DEPLOYMENT / "systemd" / f"mrbs-{group}.service").read_text()
    (line,) = [line for line in unit.splitlines() if line.startswith("ExecStart=")]
    program, *words = shlex.split(line.removeprefix("ExecStart="))
    words[words.index("-p") + 1] = str(port)
    return [str(Path(sys.executable).with_name(Path(program).name)), *words]


@contextmanager
def webservers(folder: Path, seconds: int = 600) -> Iterator[Mapping[str, int]]:
    """Start them, wait until each answers, give back their ports by group, and end them and their code servers."""
    home = folder / "warehouse" / "dagster"
    home.mkdir(parents=True)
    # Five code servers start at once, on whatever machine this is: only a broken one takes longer than that.
    (home / "dagster.yaml").write_text(
        (ROOT / "orchestration" / "dagster.yaml").read_text() + f"code_servers: {{local_startup_timeout: {seconds}}}\n"
    )
    settings = {**os.environ, **environment(folder / "landing", folder / "sites.yml", folder / "warehouse")}
    # Services that start together on an empty instance make its tables at the same time, and fail.
    subprocess.run(
        [str(Path(sys.executable).with_name("dagster")), "instance", "migrate"],
        env=settings,
        check=True,
        capture_output=True,
    )
    ports = dict(zip(GROUPS, free_ports(len(GROUPS)), strict=True))
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for group, port in ports.items():
            with (folder / f"{group}.log").open("wb") as log:
                processes[group] = subprocess.Popen(
                    command(group, port),
                    env=settings,
                    cwd=ROOT,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        deadline = time.monotonic() + seconds
        for group, port in ports.items():
            while not _answers(f"http://127.0.0.1:{port}/{group}/server_info"):
                running = processes[group].poll() is None and time.monotonic() < deadline
                assert running, f"{group}: {(folder / f'{group}.log').read_text()[-4000:]}"
                time.sleep(0.5)
        yield ports
    finally:
        for process in processes.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in processes.values():
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
