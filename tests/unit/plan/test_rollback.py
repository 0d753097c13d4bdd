"""To what a rollback goes back, and which files go with it."""

import pytest

from reconciler.domain.names import Revision
from reconciler.plan.rollback import Stay, earlier, restored, served_again
from tests.cases import each

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


@each("history", [(), (None,), (None, "A"), ("A",)])
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


def a_spec(serve: str | None = None, holdout: str = "14d") -> bytes:
    return f"# ours\nspec:\n  training: {{holdout: {holdout}}}\n".encode() + (f"  serve: {serve}\n".encode() if serve else b"")


OLD = a_spec("{replicas: 1}")


@pytest.mark.parametrize(
    ("before", "now", "wanted"),
    [
        (OLD, a_spec("{replicas: 2}"), (OLD, "")),
        (a_spec(), a_spec("{replicas: 2}"), (a_spec(), "")),
        (OLD, OLD + b"# a word\n", (None, "")),
        (OLD, a_spec("{replicas: 1}", "7d"), (None, "")),
        (OLD, a_spec("{replicas: 2}", "7d"), (None, "spec.serve stays as it is now: spec.training changed since, too")),
        (None, OLD, (None, "")),
        (b"{", OLD, (None, "")),
        (b"- a", OLD, (None, "")),
    ],
    ids=["changed", "added", "only a comment", "only the training", "both", "a new model", "garbage", "a list"],
)
def test_how_a_model_is_served_goes_back_with_it(before: bytes | None, now: bytes, wanted: tuple[bytes | None, str]) -> None:
    assert served_again(before, now) == wanted
