"""To what a rollback goes back, and which files go with it."""

import pytest

from reconciler.domain.names import Revision
from reconciler.plan.rollback import Stay, earlier, restored

RELEASE = "models/a/releases/production.yaml"


def stays(*contents: str | None) -> list[Stay]:
    """Newest first; each began with a commit of its own."""
    return [
        Stay(since=Revision(f"{number:040d}"), content=text.encode() if text else None) for number, text in enumerate(contents)
    ]


@pytest.mark.parametrize(
    ("history", "wanted"),
    [
        (("B", "A", None), "A"),
        (("A", None), None),
        (("C", "B", "A", None), "B"),
        (("A", "B", "A", None), None),
        (("B", "C", "B", "A", None), "A"),
    ],
    ids=["to the one before", "to nothing", "one step", "not forward again", "pressed twice"],
)
def test_it_goes_back_and_never_forward(history: tuple[str | None, ...], wanted: str | None) -> None:
    found = earlier(stays(*history))
    assert found is not None
    assert found[1].content == (wanted.encode() if wanted else None)
    assert found[0].content == stays(*history)[0].content


@pytest.mark.parametrize("history", [(), (None,), (None, "A"), ("A",)])
def test_there_may_be_nothing_to_go_back_to(history: tuple[str | None, ...]) -> None:
    assert earlier(stays(*history)) is None


BEFORE = {RELEASE: b"A", "dvc.lock": b"1", "gone": b"x", "same": b"s"}
AFTER = {RELEASE: b"B", "dvc.lock": b"2", "new": b"y", "same": b"s"}


def test_all_goes_back_while_nobody_touched_it() -> None:
    everything = {RELEASE: b"A", "dvc.lock": b"1", "gone": b"x", "new": None}
    assert restored(RELEASE, b"A", BEFORE, AFTER, AFTER | {"other": b"z"}) == everything


@pytest.mark.parametrize("now", [AFTER | {"dvc.lock": b"3"}, {RELEASE: b"B", "dvc.lock": b"2"}])
def test_only_the_release_goes_back_when_something_else_moved_on(now: dict[str, bytes]) -> None:
    assert restored(RELEASE, b"A", BEFORE, AFTER, now) == {RELEASE: b"A"}


def test_to_what_ran_long_ago_only_the_release_goes_back() -> None:
    assert restored(RELEASE, b"O", BEFORE, AFTER, AFTER) == {RELEASE: b"O"}
    assert restored(RELEASE, None, {}, {RELEASE: b"A", "new": b"y"}, {RELEASE: b"A", "new": b"y"}) == {RELEASE: None, "new": None}
