"""`perennial simulate` on a small repository: policies that retrain or never do, what they say, and what it refuses."""

from pathlib import Path
from typing import Any

import pytest

from reconciler.specs.policies import RetrainPolicy
from tests.builders import a_policy
from tests.commands import perennial
from tests.repositories import git
from tests.teams import a_team, as_written, commit, write

USUAL = ("alpha", "--between", "2013-03-01", "2013-03-25", "--every", "7d")
NEW_LABELS = {"type": "newLabels", "rows": 100}


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """alpha never retrains by its own policy; `eager` retrains every week."""
    root = a_team(tmp_path_factory.mktemp("team") / "repository", "alpha")
    write(root / "policies/retrain/eager.yaml", as_written(a_policy(RetrainPolicy, "eager", triggers=NEW_LABELS)))
    commit(root, "Try an eager policy")
    return root


@pytest.fixture(scope="module")
def both(team: Path) -> Any:
    """What both policies come to, as JSON."""
    told = perennial(team, "simulate", *USUAL, "--policy", "standard", "--policy", "eager", "--policy", "eager", "-o", "json")
    assert (told.code, told.is_harmless) == (0, True)
    return told.json


def test_each_policy_is_tried_once_on_the_same_rows(both: Any) -> None:
    assert (both["model"], [one["policy"] for one in both["policies"]]) == ("alpha", ["standard", "eager"])
    assert [one["rows"] for one in both["policies"]] == [24 * 24, 24 * 24]


def test_the_first_release_is_trained_and_then_only_what_the_policy_asks_for(both: Any) -> None:
    never, eager = both["policies"]
    assert [(one["at"], one["why"]) for one in never["trainings"]] == [("2013-03-01", "firstRelease: nothing was ever trained")]
    assert [one["at"] for one in eager["trainings"]] == ["2013-03-01", "2013-03-08", "2013-03-15", "2013-03-22"]
    assert (never["retrains"], eager["retrains"], never["refused"], eager["refused"]) == (0, 3, 0, 0)
    assert eager["trainings"][1]["why"].startswith("newLabels: ")


def test_the_metrics_are_of_those_models_that_were_live(both: Any) -> None:
    never, eager = both["policies"]
    assert never["metrics"].keys() == eager["metrics"].keys() == {"rocAuc", "brier"}
    assert 0.7 < never["metrics"]["rocAuc"] < 1
    assert never["metrics"] != eager["metrics"]


def test_people_see_a_row_for_each_policy_and_its_trainings(team: Path) -> None:
    before = git(team, "for-each-ref"), git(team, "status", "--porcelain")
    told = perennial(team, "simulate", *USUAL)
    assert (told.code, told.is_harmless) == (0, True)
    assert told.out.startswith("alpha, each row answered by the model that was live when it happened")
    assert "standard" in told.out
    assert "firstRelease: nothing was ever trained" in " ".join(told.out.split())
    assert (git(team, "for-each-ref"), git(team, "status", "--porcelain")) == before


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("alpha", "--between", "2013-03-25", "2013-03-01"), "2013-03-25 is not before 2013-03-01: 0 moments"),
        (("alpha", "--between", "2013-03-01", "2013-03-01"), "is not before"),
        (("alpha", "--between", "soon", "2013-03-01"), "expected a UTC time such as"),
        (("alpha", "--between", "2013-02-30", "2013-03-01"), "expected a day that the calendar has"),
        ((*USUAL[:-1], "0d"), "expected a duration such as"),
        ((*USUAL[:-1], "-7d"), "expected a duration such as"),
        ((*USUAL, "--policy", "lazy"), "there is no policies/retrain/lazy.yaml; there are: eager, standard"),
        ((*USUAL, "--policy", "../../escape"), "there is no policies/retrain/../../escape.yaml"),
        (("beta", *USUAL[1:]), "there is no model beta; there are alpha"),
        (("alpha", "--between", "2012-01-01", "2012-02-01"), "0 labels of alpha are known as of 2012-01-01"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_refusal_says_why_in_both_forms(team: Path, arguments: tuple[str, ...], word: str) -> None:
    told = perennial(team, "simulate", *arguments)
    assert told.code not in (0, 2)
    assert told.out == ""
    assert word in told.err
    assert word in perennial(team, "simulate", *arguments, "-o", "json").json["error"]["message"]


@pytest.mark.parametrize("arguments", [(), ("alpha",), ("alpha", "--between", "2013-03-01")], ids=str)
def test_what_is_left_out_is_a_matter_of_usage(team: Path, arguments: tuple[str, ...]) -> None:
    assert perennial(team, "simulate", *arguments).code == 2
