"""The list of versions: what became of each digest, and how one of them is named."""

from typing import Any

import pytest

from reconciler.audit.versions import chosen, versions_of
from reconciler.domain.changes import Marker, PullRequest, PullState
from reconciler.domain.events import Event, EventKind
from reconciler.domain.names import Digest
from reconciler.domain.releases import digest_of
from reconciler.errors import ReconcilerError
from tests.builders import NOW, a_release, an_event
from tests.cases import each

RELEASE = a_release()
DIGEST = RELEASE.digest


def line(kind: EventKind, digest: str = DIGEST, **details: Any) -> Event:
    return an_event(id=f"{kind}/{digest}/{details}", kind=kind, message=f"{kind} it", details={"digest": digest} | details)


def ran(environment: str, version: str = "1.0.0", digest: str = DIGEST, kind: EventKind = EventKind.PROMOTED) -> Event:
    return line(kind, digest, environment=environment, version=version)


def a_pull(state: PullState = PullState.OPEN) -> PullRequest:
    marker = Marker(model="flight-delay", environment="staging", digest=DIGEST, content=digest_of("x"))
    said: dict[str, Any] = {"branch": "b", "base": "main", "title": "T", "tip": None, "merged": None}
    return PullRequest(number=4, state=state, body=marker.to_comment(), **said)


TRAINED = line(EventKind.TRAINED)
NEWER = line(EventKind.TRAINED, digest_of("newer"))
FATES: dict[str, tuple[list[Event], bool, list[PullRequest], str]] = {
    "it runs": ([TRAINED, ran("production")], True, [], "runs in production"),
    "it ran": ([TRAINED, ran("staging"), ran("production"), ran("staging")], False, [], "ran in staging, production"),
    "it is proposed": ([TRAINED], False, [a_pull()], "pull request #4 to staging is open"),
    "it was turned down": ([TRAINED, line(EventKind.DECLINED)], False, [a_pull(PullState.CLOSED)], "declined: declined it"),
    "it failed its gates": ([TRAINED, line(EventKind.REFUSED)], False, [], "refused: refused it"),
    "nothing yet": ([TRAINED], False, [], "waits"),
    "a newer one came": ([TRAINED, NEWER], False, [], "overtaken on 2013-06-01T12:00:00Z"),
    "main names it, and the ledger does not know its training": ([ran("production")], True, [], "runs in production"),
}


@each(("events", "runs", "pulls", "fate"), FATES.values())
def test_what_became_of_a_version_is_told(events: list[Event], runs: bool, pulls: list[PullRequest], fate: str) -> None:
    first, *_ = versions_of(events, {"production": RELEASE} if runs else {}, pulls)
    assert (first.digest, first.fate, first.at) == (DIGEST, fate, NOW)


def test_versions_are_in_the_order_of_their_first_line_and_numbered_when_they_ran() -> None:
    other = digest_of("other")
    events = [line(EventKind.TRAINED, other), TRAINED, ran("staging", "1.1.0"), line(EventKind.REQUESTED, "", by="ann")]
    assert [(one.digest, one.version) for one in versions_of(events, {}, [])] == [(other, None), (DIGEST, "1.1.0")]


ONE, TWO = (Digest(f"sha256:{word * 16}") for word in ("abcd", "abce"))
KNOWN = versions_of([line(EventKind.TRAINED, ONE), line(EventKind.TRAINED, TWO), ran("staging", "1.0.0", TWO)], {}, [])


@each(
    ("wanted", "digest"),
    [("1.0.0", TWO), ("v1.0.0", TWO), ("abcd", ONE), (f"sha256:{'abcd' * 16}", ONE), ("abceabce", TWO)],
)
def test_a_version_is_found_by_its_number_or_the_beginning_of_its_digest(wanted: str, digest: Digest) -> None:
    assert chosen(KNOWN, wanted, "m").digest == digest


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("2.0.0", "there is no version 2.0.0 of m; there are: abcdabcdabcd, 1.0.0"),
        ("abc", "there is no version abc of m; "),
        ("", "there is no version  of m; "),
    ],
)
def test_a_version_that_is_not_there_is_told_which_are(wanted: str, said: str) -> None:
    with pytest.raises(ReconcilerError) as caught:
        chosen(KNOWN, wanted, "m")
    assert caught.value.message.startswith(said)
    assert caught.value.help == "perennial audit m"


def test_a_beginning_that_several_have_chooses_none() -> None:
    twins = versions_of([line(EventKind.TRAINED, f"sha256:abcd{n:060x}") for n in (1, 2)], {}, [])
    with pytest.raises(ReconcilerError, match=r"^2 versions of m begin with abcd; there are: "):
        chosen(twins, "abcd", "m")
