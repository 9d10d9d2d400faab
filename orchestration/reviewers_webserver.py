"""The reviewers' webserver: Dagster's own, where the jobs of one code location may be started and nothing else done.

`dagster-webserver` knows two kinds of people: those who may do nothing (`--read-only`), and those who may do everything
on the whole instance, also to what is not in their workspace: end a load, delete its run, report a failed check as
passed. Here everything is read-only but starting, repeating and cancelling runs of one code location. What stands in
that code location belongs to it, and who is let in at all to the proxy (docs/who-may-do-what.md).
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence

from dagster import DagsterInstance, __version__
from dagster._core.workspace.context import WorkspaceProcessContext, WorkspaceRequestContext
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster._core.workspace.permissions import (
    PermissionResult,
    Permissions,
    get_location_scoped_user_permissions,
)
from dagster._utils.interrupts import setup_interrupt_handlers
from dagster_webserver.cli import (
    DEFAULT_DB_STATEMENT_TIMEOUT,
    DEFAULT_POOL_MAX_OVERFLOW,
    DEFAULT_POOL_RECYCLE,
    host_dagster_ui_with_workspace_process_context,
)

REVIEW = "review"
REVIEWERS_MAY = frozenset(
    {
        Permissions.LAUNCH_PIPELINE_EXECUTION,
        Permissions.LAUNCH_PIPELINE_REEXECUTION,
        Permissions.TERMINATE_PIPELINE_EXECUTION,
    }
)


class ReviewersRequest(WorkspaceRequestContext):
    """What somebody who asks this webserver may do: see REVIEWERS_MAY, and in the code location REVIEW only."""

    def permissions_for_location(self, *, location_name: str) -> Mapping[str, PermissionResult]:
        nothing = get_location_scoped_user_permissions(read_only=True)
        if location_name != REVIEW:
            return nothing
        everything = get_location_scoped_user_permissions(read_only=False)
        return {name: (everything if name in REVIEWERS_MAY else nothing)[name] for name in nothing}


class ReviewersProcess(WorkspaceProcessContext):
    """Dagster's process context, whose every request is a reviewer's."""

    def create_request_context(self, source: object | None = None) -> ReviewersRequest:
        return ReviewersRequest(
            instance=self.instance,
            current_workspace=self.get_current_workspace(),
            process_context=self,
            version=self.version,
            source=source,
            read_only=True,
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve the instance of DAGSTER_HOME until told to stop; the options are those of `dagster-webserver`."""
    parser = argparse.ArgumentParser(
        prog="python -m orchestration.reviewers_webserver", description=__doc__, add_help=False
    )
    parser.add_argument("--help", action="help", help="show this and stop")
    parser.add_argument("-w", "--workspace", required=True, help="the workspace file with the reviewers' code location")
    parser.add_argument("-h", "--host", default="127.0.0.1")
    parser.add_argument("-p", "--port", type=int, default=3002)
    parser.add_argument("--path-prefix", default="")
    options = parser.parse_args(arguments)
    setup_interrupt_handlers()
    with DagsterInstance.get() as instance:
        instance.optimize_for_webserver(DEFAULT_DB_STATEMENT_TIMEOUT, DEFAULT_POOL_RECYCLE, DEFAULT_POOL_MAX_OVERFLOW)
        workspace = WorkspaceFileTarget([options.workspace])
        with ReviewersProcess(instance, workspace, version=__version__, read_only=True) as process:
            host_dagster_ui_with_workspace_process_context(
                process, options.host, options.port, options.path_prefix, log_level="warning"
            )


if __name__ == "__main__":
    main()
