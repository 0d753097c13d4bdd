"""What a rollout is, as it is read from Git alone: edits by hand, releases that come again, and what is remembered."""

from pathlib import Path

import pytest

from reconciler.domain.names import Digest
from reconciler.reconcile import see
from tests.integration.rollouts.live import BAD, GOOD, HOUR, Live, canary, live, released
from tests.loops import T2, Loop, reopened
from tests.repositories import git, put
from tests.traffic import Traffic

WAY = "manifests/alpha/virtualservice.yaml"


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    return canary(tmp_path_factory.mktemp("merged") / "repo")


@pytest.mark.parametrize(("old", "new"), [("=95 ", "=99 "), ('=5"', '=x"')], ids=["no hundred", "no number"])
def test_weights_that_somebody_wrote_begin_the_rollout_again(merged: Loop, tmp_path: Path, old: str, new: str) -> None:
    it = live(reopened(merged, tmp_path / "repo"), GOOD)
    it.settle(T2 + 1.1 * HOUR)
    assert it.weights() == [75, 25]
    text = it.files()[WAY].replace("=75 ", "=95 ").replace('=25"', '=5"')
    put(it.loop.repository, "refs/heads/env/production", {WAY: text.replace(old, new).encode()}, "By hand")
    it.settle(T2 + 1.2 * HOUR)
    assert it.weights() == [95, 5]


def test_what_was_taken_back_takes_its_steps_when_somebody_names_it_again(merged: Loop, tmp_path: Path) -> None:
    it = live(reopened(merged, tmp_path / "repo"), BAD)
    there = it.main()
    it.settle(T2 + 0.5 * HOUR)
    assert it.weights() == []
    again = {path: text.encode() for path, text in there.items()}
    it.loop.commit(**{**again, "models/alpha/quarantine.yaml": None})
    live(it.loop, GOOD).settle(T2 + 1 * HOUR)
    assert it.weights() == [95, 5]


def test_a_revert_of_a_finished_rollout_takes_no_steps(merged: Loop, tmp_path: Path) -> None:
    it = live(reopened(merged, tmp_path / "repo"), GOOD)
    for hours in (1.1, 2.3, 3.5):
        it.settle(T2 + hours * HOUR)
    old, new = released(it.loop)
    git(it.loop.root, "revert", "--no-edit", "--mainline", "1", "main")
    it.settle(T2 + 4 * HOUR)
    assert (it.weights(), _names(it, old), _names(it, new)) == ([], True, False)


def test_windows_that_are_over_are_not_asked_for_again(merged: Loop, tmp_path: Path) -> None:
    it = live(reopened(merged, tmp_path / "repo"), GOOD)
    it.settle(T2 + 1.1 * HOUR)
    now = T2 + 2 * HOUR
    questions = []
    for _ in range(2):
        assert isinstance(it.metrics, Traffic)
        it.metrics.asked.clear()
        windows = see(it.readers(now))[1].models["alpha"].rollouts["production"].facts.windows
        questions.append(len(it.metrics.asked))
    assert [dict(window.weights)[released(it.loop)[1]] for window in windows] == [5, 25]
    assert (questions[0], questions[1]) == (12, 6)
    assert all(window.releases[one].tallies["errors"].rows for window in windows for one in window.releases)  # type: ignore[union-attr]


def test_a_change_of_other_lines_is_no_change_of_the_weights(merged: Loop, tmp_path: Path) -> None:
    it = live(reopened(merged, tmp_path / "repo"), GOOD)
    template = "templates/istio/virtualservice.yaml.j2"
    text = it.loop.repository.files(it.loop.repository.refs()["refs/heads/main"])[template]
    it.loop.commit(**{template: b"# Another line.\n" + text})
    it.settle(T2 + 0.5 * HOUR)
    progress = see(it.readers(T2 + 0.6 * HOUR))[1].models["alpha"].rollouts["production"].progress
    assert "# Another line." in it.files()[WAY]
    assert (progress.started_at, progress.changed_at) == (T2, T2)


def _names(it: Live, digest: Digest) -> bool:
    return digest in "".join(it.files().values())
