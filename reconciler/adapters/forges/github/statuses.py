"""Statuses of commits, and check runs: what stands already is read first, so that saying it again costs no write."""

import hashlib
from functools import partial
from typing import Any

from github import GithubException
from github.CheckRun import CheckRun
from github.Commit import Commit
from github.CommitStatus import CommitStatus
from github.PaginatedList import PaginatedList

from reconciler.adapters.forges.github.connection import Connection
from reconciler.adapters.forges.github.fitting import fitted
from reconciler.adapters.forges.text import clean_body, clean_title
from reconciler.domain.names import Revision
from reconciler.domain.notices import LONGEST_DESCRIPTION, Annotation, CheckReport, Conclusion, Status, StatusState

_AT_ONCE = 50
"""Annotations that GitHub takes in one request; more are added to the run by further ones."""


class Statuses:
    """The newest status of a context counts; GitHub keeps the older ones."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ensure(self, status: Status) -> bool:
        """Have it be the newest of its context; whether it had to be written."""
        commit = _commit(self._connection, status.revision)
        description = _short(status.description)
        wanted = (status.state, description, status.url)
        said = PaginatedList(CommitStatus, self._connection.repository.requester, f"{commit.url}/statuses")
        newest = next((one for one in said if one.context == status.context), None)
        if newest and (newest.state, newest.description or "", newest.target_url or "") == wanted:
            return False
        address = {"target_url": status.url} if status.url else {}
        commit.create_status(str(status.state), description=description, context=status.context, **address)
        return True


class Checks:
    """Check runs belong to Apps. A person's token may not write them, and says a status of the same name instead."""

    def __init__(self, connection: Connection, statuses: Statuses) -> None:
        self._connection = connection
        self._statuses = statuses

    def ensure(self, report: CheckReport) -> bool:
        """Have the newest run of that name be this report, whole; whether anything had to be written."""
        digest = _digest(report)
        commit = _commit(self._connection, report.revision)
        runs = commit.get_check_runs(check_name=report.name, filter="all")
        newest = max(runs, key=lambda run: run.id, default=None)
        begun = newest if newest and newest.external_id == digest else None
        if begun and begun.status == "completed":
            return False
        if not self._connection.is_app:
            return self._statuses.ensure(_as_status(report))
        try:
            self._write(report, digest, begun)
        except GithubException as error:
            if error.status != 403 or begun:
                raise
            return self._statuses.ensure(_as_status(report))
        return True

    def _write(self, report: CheckReport, digest: str, begun: CheckRun | None) -> None:
        """Write the run, fifty annotations at a time; the last of them complete it."""
        create = partial(self._connection.repository.create_check_run, report.name, report.revision, external_id=digest)
        if begun is None and len(report.annotations) <= _AT_ONCE:
            create(status="completed", conclusion=str(report.conclusion), output=_output(report, report.annotations))
            return
        run = begun or create(status="in_progress", output=_output(report, ()))
        sent = run.output.annotations_count
        batches = [report.annotations[at : at + _AT_ONCE] for at in range(sent, len(report.annotations), _AT_ONCE)] or [()]
        for batch in batches[:-1]:
            run.edit(output=_output(report, batch))
        run.edit(status="completed", conclusion=str(report.conclusion), output=_output(report, batches[-1]))


def _commit(connection: Connection, revision: Revision) -> Commit:
    repository = connection.repository
    url = f"{repository.url}/commits/{revision}"
    return Commit(repository.requester, headers={}, attributes={"sha": revision, "url": url})


def _output(report: CheckReport, annotations: tuple[Annotation, ...]) -> dict[str, Any]:
    listed = [
        {
            "path": one.path,
            "start_line": one.line,
            "end_line": one.line,
            "annotation_level": str(one.level),
            "message": clean_body(one.message),
        }
        for one in annotations
    ]
    return {"title": clean_title(report.title), "summary": fitted(clean_body(report.summary)), "annotations": listed}


def _digest(report: CheckReport) -> str:
    return "sha256:" + hashlib.sha256(repr(report).encode(errors="backslashreplace")).hexdigest()


def _as_status(report: CheckReport) -> Status:
    good = report.conclusion in (Conclusion.SUCCESS, Conclusion.NEUTRAL)
    state = StatusState.SUCCESS if good else StatusState.FAILURE
    return Status(revision=report.revision, context=report.name, state=state, description=report.title)


def _short(text: str) -> str:
    line = clean_title(text)
    return line if len(line) <= LONGEST_DESCRIPTION else f"{line[: LONGEST_DESCRIPTION - 1]}…"
