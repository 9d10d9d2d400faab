"""Who may do what: the webservers and the proxy of docs/deployment for real, and people of each group at its door.

The three webservers share one Dagster instance; no daemon runs, so what is launched stays in the queue.
"""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from orchestration.automation.jobs import NIGHTLY_LOAD
from tests.support.dagster_dev import LAUNCH, STATUS
from tests.support.proxy import HOST, MISSING, Person, Proxy, proxy
from tests.support.webservers import GROUPS, REVIEW_JOB, webservers

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        bool(MISSING), reason=f"{MISSING} not installed; on Debian and Ubuntu: apt-get install nginx-light openssl"
    ),
]

# Who opens what: a person's login stands in the file of each group whose pages it opens.
PASSWORDS = {"engineer": "engine room", "reviewer": "second look", "reader": "only looking"}
OPENS = {
    "engineers": ("engineer",),
    "reviewers": ("engineer", "reviewer"),
    "readers": ("engineer", "reviewer", "reader"),
}
PERMISSIONS = "{ permissions { permission value } }"
LOCATIONS = """
{ workspaceOrError { ... on Workspace { locationEntries {
    name permissions { permission value } locationOrLoadError { __typename }
} } } }
"""
RUNS = "{ runsOrError { ... on Runs { results { runId jobName status } } } }"
SCHEDULE = """
{ schedulesOrError(repositorySelector: {repositoryLocationName: "mrbs", repositoryName: "__repository__"}) {
    ... on Schedules { results { scheduleState { id status } } }
} }
"""
EVENTS = """
subscription ($run: ID!) { pipelineRunLogs(runId: $run) {
    __typename ... on PipelineRunLogsSubscriptionSuccess { run { status } }
} }
"""
# What only an engineer may do to a load, its records and its schedule.
CHANGES = {
    "end it": "terminateRun(runId: $run)",
    "say that it ended": "terminateRun(runId: $run, terminatePolicy: MARK_AS_CANCELED_IMMEDIATELY)",
    "delete it": "deleteRun(runId: $run)",
    "repeat it": "launchRunReexecution(reexecutionParams: {parentRunId: $run, strategy: ALL_STEPS})",
    "report a check as passed": "reportAssetCheckEvaluations(eventParams: "
    '{assetKey: {path: ["raw", "ex"]}, checkName: "DOS02", passed: true})',
    "wipe a table's history": 'wipeAssets(assetPartitionRanges: [{assetKey: {path: ["analysis", "adsri"]}}])',
    "switch the schedule off": "stopRunningSchedule(id: $schedule)",
    "start the schedule": 'startSchedule(scheduleSelector: {repositoryLocationName: "mrbs", '
    'repositoryName: "__repository__", scheduleName: "every_night_at_two"})',
    "reload the code": "reloadWorkspace",
}


@dataclass(frozen=True)
class Door:
    """The proxy with everything behind it, and a load that the engineer has asked for."""

    proxy: Proxy
    ports: Mapping[str, int]
    load: str

    def person(self, login: str | None, password: str | None = None) -> Person:
        return Person(self.proxy, login, PASSWORDS.get(login or "", "") if password is None else password)


def launch(person: Person, group: str, location: str, job: str) -> dict[str, object]:
    selector = {"repositoryName": "__repository__", "repositoryLocationName": location, "pipelineName": job}
    answer: dict[str, object] = person.ask(group, LAUNCH, selector=selector, config={})["launchRun"]
    return answer


def run_of(answer: dict[str, object]) -> str:
    assert answer["__typename"] == "LaunchRunSuccess", answer
    run = answer["run"]
    assert isinstance(run, dict)
    return str(run["runId"])


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("access")
    people = {group: {login: PASSWORDS[login] for login in logins} for group, logins in OPENS.items()}
    with webservers(folder) as ports, proxy(folder, ports, people) as front:
        engineer = Person(front, "engineer", PASSWORDS["engineer"])
        yield Door(front, ports, run_of(launch(engineer, "engineers", "mrbs", NIGHTLY_LOAD)))


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("login", PASSWORDS)
def test_a_login_opens_the_pages_of_its_groups_and_no_others(door: Door, login: str, group: str) -> None:
    answer = door.person(login).request("GET", f"/{group}/")
    assert answer.status == (200 if login in OPENS[group] else 401)
    if answer.status == 200:
        assert f'"/{group}"'.encode() in answer.body  # the page knows under which path it is served


@pytest.mark.parametrize("path", ["", "server_info", "graphql", "logs/any", "download_debug/any", "runs"])
@pytest.mark.parametrize("group", GROUPS)
def test_nobody_comes_in_without_the_right_password(door: Door, group: str, path: str) -> None:
    for login, password in [(None, ""), ("engineer", ""), ("engineer", "guessed"), ("nobody", "engine room")]:
        answer = door.person(login, password).request("GET", f"/{group}/{path}")
        assert answer.status == 401, login
        assert answer.headers["WWW-Authenticate"] == f'Basic realm="MRBS {group}"'


def test_plain_http_is_sent_to_https_and_shows_nothing(door: Door) -> None:
    connection = http.client.HTTPConnection(HOST, door.proxy.plain_port, timeout=10)
    connection.request("GET", "/engineers/runs?view=all", headers=door.person("engineer").credentials)
    answer = connection.getresponse()
    assert answer.status == 301
    assert answer.headers["Location"] == "https://mrbs.example.org/engineers/runs?view=all"


@pytest.mark.parametrize("group", GROUPS)
def test_webservers_listen_on_this_machine_only(door: Door, group: str) -> None:
    with socket.create_connection(("127.0.0.1", door.ports[group]), timeout=5):
        pass
    # Somebody who listened on every address would answer on this one too.
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", door.ports[group]), timeout=5)


def test_an_engineer_may_do_everything(door: Door) -> None:
    engineer = door.person("engineer")
    permissions = {
        entry["permission"]: entry["value"] for entry in engineer.ask("engineers", PERMISSIONS)["permissions"]
    }
    # The one exception exists in Dagster+ only.
    assert {name for name, value in permissions.items() if not value} <= {"edit_app_managed_components"}
    assert engineer.ask("engineers", STATUS, run=door.load)["runOrError"]["status"] == "QUEUED"
    mine = run_of(launch(engineer, "engineers", "mrbs", NIGHTLY_LOAD))
    assert change(engineer, "engineers", "delete it", mine, "") == "DeletePipelineRunSuccess"


def test_a_reader_sees_the_load_and_may_do_nothing(door: Door) -> None:
    reader = door.person("reader")
    assert not any(entry["value"] for entry in reader.ask("readers", PERMISSIONS)["permissions"])
    entries = reader.ask("readers", LOCATIONS)["workspaceOrError"]["locationEntries"]
    assert {entry["name"] for entry in entries} == {"mrbs", "review"}
    assert {entry["locationOrLoadError"]["__typename"] for entry in entries} == {"RepositoryLocation"}
    assert not any(permission["value"] for entry in entries for permission in entry["permissions"])
    assert reader.ask("readers", STATUS, run=door.load)["runOrError"]["status"] == "QUEUED"
    for location, job in [("mrbs", NIGHTLY_LOAD), ("review", REVIEW_JOB)]:
        assert launch(reader, "readers", location, job)["__typename"] == "UnauthorizedError"


def test_a_reviewer_may_start_and_cancel_what_is_in_review_and_no_load(door: Door) -> None:
    reviewer = door.person("reviewer")
    assert not any(entry["value"] for entry in reviewer.ask("reviewers", PERMISSIONS)["permissions"])
    (entry,) = reviewer.ask("reviewers", LOCATIONS)["workspaceOrError"]["locationEntries"]
    assert entry["name"] == "review"
    assert {permission["permission"] for permission in entry["permissions"] if permission["value"]} == {
        "launch_pipeline_execution",
        "launch_pipeline_reexecution",
        "terminate_pipeline_execution",
    }
    assert launch(reviewer, "reviewers", "mrbs", NIGHTLY_LOAD)["__typename"] == "UnauthorizedError"
    mine = run_of(launch(reviewer, "reviewers", "review", REVIEW_JOB))
    assert change(reviewer, "reviewers", "delete it", mine, "") == "UnauthorizedError"
    assert change(reviewer, "reviewers", "end it", mine, "") == "TerminateRunSuccess"


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize(("login", "group"), [("reviewer", "reviewers"), ("reader", "readers")])
def test_only_an_engineer_may_touch_a_load(door: Door, login: str, group: str, what: str) -> None:
    engineer = door.person("engineer")
    (schedule,) = engineer.ask("engineers", SCHEDULE)["schedulesOrError"]["results"]
    runs = engineer.ask("engineers", RUNS)
    refused = change(door.person(login), group, what, door.load, schedule["scheduleState"]["id"])
    # Of a load that is not in the workspace nothing can be repeated, whoever asks.
    assert refused in {"UnauthorizedError", "TerminateRunFailure"} or (what, refused) == ("repeat it", "PythonError")
    assert engineer.ask("engineers", RUNS) == runs
    assert engineer.ask("engineers", SCHEDULE)["schedulesOrError"]["results"] == [schedule]
    assert schedule["scheduleState"]["status"] == "RUNNING"


def change(person: Person, group: str, what: str, run: str, schedule: str) -> str:
    """Ask for one of CHANGES, and give back what Dagster calls its answer."""
    declared = [name for name in ("run", "schedule") if f"${name}" in CHANGES[what]]
    head = f"({', '.join(f'${name}: String!' for name in declared)})" if declared else ""
    wish = f"mutation {head} {{ answer: {CHANGES[what]} {{ __typename }} }}"
    kind: str = person.ask(group, wish, run=run, schedule=schedule)["answer"]["__typename"]
    return kind


@pytest.mark.parametrize(
    ("login", "group"), [("engineer", "engineers"), ("reviewer", "reviewers"), ("reader", "readers")]
)
def test_the_log_of_a_run_is_followed_over_a_socket(door: Door, login: str, group: str) -> None:
    person = door.person(login)
    with connect(
        f"wss://{HOST}:{door.proxy.port}/{group}/graphql",
        ssl=door.proxy.trust,
        origin=door.proxy.origin,  # type: ignore[arg-type]
        additional_headers=person.credentials,
        subprotocols=[Subprotocol("graphql-ws")],
    ) as websocket:
        websocket.send(json.dumps({"type": "connection_init"}))
        assert json.loads(websocket.recv(timeout=30)) == {"type": "connection_ack"}
        payload = {"query": EVENTS, "variables": {"run": door.load}}
        websocket.send(json.dumps({"type": "start", "id": "1", "payload": payload}))
        news = json.loads(websocket.recv(timeout=30))
        assert news["payload"]["data"]["pipelineRunLogs"]["run"]["status"] == "QUEUED"


@pytest.mark.parametrize(
    ("login", "origin", "status"),
    [(None, None, 401), ("reader", None, 401), ("engineer", "https://elsewhere.example", 403)],
)
def test_a_socket_needs_a_password_and_a_page_of_ours(
    door: Door, login: str | None, origin: str | None, status: int
) -> None:
    with (
        pytest.raises(InvalidStatus) as refusal,
        connect(
            f"wss://{HOST}:{door.proxy.port}/engineers/graphql",
            ssl=door.proxy.trust,
            origin=origin or door.proxy.origin,  # type: ignore[arg-type]
            additional_headers=door.person(login).credentials,
            subprotocols=[Subprotocol("graphql-ws")],
        ),
    ):
        pass
    assert refusal.value.response.status_code == status


DELETE = "mutation{deleteRun(runId:%22{run}%22){__typename}}"
JSON = "application/json"


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        pytest.param("GET", f"graphql?query={DELETE}", {}, id="a link in a mail"),
        pytest.param("GET", f"%67raphql?query={DELETE}", {}, id="the same, spelled otherwise"),
        pytest.param("GET", f"/graphql?query={DELETE}", {}, id="with two slashes"),
        pytest.param("GET", f"runs/../graphql?query={DELETE}", {}, id="by a detour"),
        pytest.param("GET", f"graphql?op=X&qu%65ry={DELETE}", {}, id="behind the name of an operation"),
        pytest.param("POST", f"graphql?query={DELETE}", {}, id="a form elsewhere"),
        pytest.param("POST", "graphql", {"Content-Type": "text/plain;application/json"}, id="a form that says JSON"),
        pytest.param("POST", "graphql", {"Content-Type": "application/graphql"}, id="bare GraphQL"),
        pytest.param("POST", "graphql", {"Content-Type": JSON, "Origin": "https://elsewhere.example"}, id="a script"),
        pytest.param("POST", "graphql", {"Content-Type": JSON, "Origin": "null"}, id="a sandboxed frame"),
        pytest.param("POST", "report_asset_check/raw/ex?check_name=DOS02&passed=true", {}, id="a check, by hand"),
        pytest.param("POST", "report_asset_materialization/raw/ex", {}, id="a table, by hand"),
    ],
)
def test_nobody_can_use_the_password_that_an_engineers_browser_sends_by_itself(
    door: Door, method: str, path: str, headers: dict[str, str]
) -> None:
    engineer = door.person("engineer")
    wish = json.dumps({"query": f'mutation {{ deleteRun(runId: "{door.load}") {{ __typename }} }}'}).encode()
    answer = engineer.request(
        method,
        f"/engineers/{path.replace('{run}', door.load)}",
        wish if method == "POST" else None,
        **{name.replace("-", "_"): value for name, value in headers.items()},
    )
    assert answer.status == 403, answer.body[:500]
    assert engineer.ask("engineers", STATUS, run=door.load)["runOrError"]["status"] == "QUEUED"


def test_the_proxy_writes_down_who_came_and_no_question(door: Door) -> None:
    reader = door.person("reader")
    reader.request("GET", "/readers/runs?looking=for-something")
    lines = _logged(door, '"reader" GET /readers/runs 200')
    assert not any("looking" in line for line in lines)


def _logged(door: Door, end: str) -> list[str]:
    """The access log, once it has a line with this end: nginx writes it down after the answer has gone out."""
    deadline = time.monotonic() + 10
    while True:
        lines = door.proxy.access_log.read_text().splitlines()
        if any(line.endswith(end) for line in lines):
            return lines
        assert time.monotonic() < deadline, lines[-3:]
        time.sleep(0.05)
