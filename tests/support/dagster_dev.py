"""A real `dagster dev` (webserver, daemon, code server) in a process group of its own, and questions to its GraphQL."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
# What `make ui` starts: the load and the review pages.
WORKSPACE = "docs/deployment/workspace-engineers.yaml"
LOCATIONS = {"mrbs", "review"}

LOCATION = "{ repositoriesOrError { ... on RepositoryConnection { nodes { name location { name } } } } }"
LAUNCH = """
mutation ($selector: JobOrPipelineSelector!, $config: RunConfigData!) {
  launchRun(executionParams: {selector: $selector, runConfigData: $config}) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message }
    ... on RunConfigValidationInvalid { errors { message } }
  }
}
"""
STATUS = "query ($run: ID!) { runOrError(runId: $run) { ... on Run { status } } }"
TERMINATE = "mutation ($run: String!) { terminateRun(runId: $run) { __typename } }"


class DagsterDev:
    """What a test needs to ask of a running Dagster."""

    def __init__(self, port: int, process: subprocess.Popen[bytes], log: Path) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.process = process
        self.log = log

    def ask(self, query: str, **variables: Any) -> Any:
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(f"{self.url}/graphql", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            reply = json.load(answer)
        assert "errors" not in reply, reply["errors"]
        return reply["data"]

    def launch(self, job: str, load_date: str) -> str:
        """Ask for a load."""
        return self.launch_with("mrbs", job, {"resources": {"load": {"config": {"load_date": load_date}}}})

    def launch_with(self, location: str, job: str, config: dict[str, Any]) -> str:
        """Ask for a run of a job, and give back its id."""
        selector = {
            "repositoryName": "__repository__",
            "repositoryLocationName": location,
            "pipelineName": job,
        }
        answer = self.ask(LAUNCH, selector=selector, config=config)["launchRun"]
        assert answer["__typename"] == "LaunchRunSuccess", answer
        run_id: str = answer["run"]["runId"]
        return run_id

    def status(self, run_id: str) -> str:
        status: str = self.ask(STATUS, run=run_id)["runOrError"]["status"]
        return status

    def wait_for(self, run_id: str, *statuses: str, seconds: float = 240) -> str:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            status = self.status(run_id)
            if status in statuses:
                return status
            time.sleep(0.5)
        raise AssertionError(f"run {run_id} is {self.status(run_id)}, not {statuses}\n{self.log.read_text()[-4000:]}")


@contextmanager
def dagster_dev(environment: dict[str, str], log: Path) -> Iterator[DagsterDev]:
    """Start it, wait until its code location is loaded, and take the whole process group down afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                str(Path(sys.executable).with_name("dagster")),
                "dev",
                "-w",
                WORKSPACE,
                "-h",
                "127.0.0.1",
                "-p",
                str(port),
            ],
            env={**os.environ, **environment},
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    dagster = DagsterDev(port, process, log)
    try:
        _wait_until_loaded(dagster)
        yield dagster
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def _wait_until_loaded(dagster: DagsterDev, seconds: float = 180) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert dagster.process.poll() is None, dagster.log.read_text()
        try:
            nodes = dagster.ask(LOCATION)["repositoriesOrError"]["nodes"]
            if {node["location"]["name"] for node in nodes} == LOCATIONS:
                return
        except (urllib.error.URLError, ConnectionError, KeyError):
            pass
        time.sleep(1)
    raise AssertionError(f"dagster dev did not load its code locations\n{dagster.log.read_text()[-4000:]}")
