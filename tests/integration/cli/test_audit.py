"""`perennial audit`: the story of a version on a real repository: who asked, what triggered, who merged, what runs."""

from pathlib import Path

import pytest

from reconciler.specs.policies import RetrainPolicy
from tests.builders import a_policy
from tests.commands import perennial
from tests.loops import T1, T2, Loop, reopened, yaml_of
from tests.repositories import git, put

MANUAL = {"any": [{"type": "specChanged"}, {"type": "manual"}]}
WHEN = ("--as-of", "2013-04-01")
LEDGER = "refs/heads/perennial/ledger"


@pytest.fixture(scope="module")
def told(proposed: Loop, tmp_path_factory: pytest.TempPathFactory) -> Loop:
    """1.0.0 was merged by Ann Lee, then somebody asked for 1.1.0, which Bob merged into staging by hand."""
    loop = reopened(proposed, tmp_path_factory.mktemp("told") / "repository")
    git(loop.root, "checkout", "--quiet", "--force", "main")
    for number in ("1", "2"):
        assert perennial(loop.root, "pr", "merge", number, "--by", "Ann Lee", "--as-of", "2013-03-01").code == 0
        loop.settle(T1)
    loop.commit("Listen to people", **{"policies/retrain/standard.yaml": yaml_of(a_policy(RetrainPolicy, triggers=MANUAL))})
    perennial(loop.root, "retrain", "alpha", "--reason", "new airports", "--by", "Cora", *WHEN)
    loop.settle(T2)
    git(loop.root, "merge", "--quiet", "--no-ff", "--message", "Take it", "perennial/alpha/staging")
    loop.settle(T2)
    return loop


def told_of(loop: Loop, *arguments: str) -> list[str]:
    answer = perennial(loop.root, "audit", "alpha", *arguments)
    assert (answer.code, answer.err) == (0, "")
    assert answer.is_harmless
    return answer.out.splitlines()


def test_without_a_version_it_tells_of_the_champion_and_lists_all(told: Loop) -> None:
    lines = told_of(told)
    assert lines[0].startswith("alpha 1.0.0  sha256:")
    assert "runs        ✓ in production since 2013-03-01; main and its branch agree" in lines
    assert [line.split()[0] for line in lines[-3:]] == ["version", "1.1.0", "1.0.0"]
    assert lines[-2].endswith("runs in staging")
    assert lines[-1].endswith("runs in production")


def test_it_tells_who_asked_what_triggered_what_was_found_and_who_merged(told: Loop) -> None:
    lines = told_of(told, "1.1.0")
    wanted = (
        "asked       2013-04-01 Cora asks for a retrain: new airports",
        "triggered   manual: ",
        "trained     2013-04-01 on ",
        "from        main at ",
        "judged      1 of 1 gates say YES, against 1.0.0",
        "            ✓ floor rocAuc 0.72 over ",
        "proposed    2013-04-01 pull request #3 to staging, merged",
        "merged      ",
        "runs        ✓ in staging since 2013-04-01; main and its branch agree",
        "proposed    2013-04-01 pull request #4 to production, open",
    )
    places = [next(number for number, line in enumerate(lines) if line.startswith(start)) for start in wanted]
    assert places == sorted(places)
    assert "into staging by Ann <ann@example.com>" in lines[places[7]]
    assert "version" not in {line.split(" ")[0] for line in lines}


def test_a_merge_by_perennial_names_who_asked_for_it(told: Loop) -> None:
    lines = told_of(told, "1.0.0")
    assert "asked       by nobody: a trigger fired" in lines
    assert "triggered   firstRelease: nothing was ever trained" in lines
    assert "judged      1 of 1 gates say YES, with nothing to compare with" in lines
    (merged,) = [line for line in lines if line.startswith("merged") and "into production" in line]
    assert "by Ann Lee (" in merged
    assert "ran         in staging from 2013-03-01 until 2013-04-01" in lines


def test_for_programs_it_is_one_value(told: Loop) -> None:
    value = perennial(told.root, "audit", "alpha", "1.1.0", "-o", "json").json
    story = value["story"]
    assert (value["running"], story["version"]) == ({"production": "1.0.0", "staging": "1.1.0"}, "1.1.0")
    assert story["requests"][0]["details"] == {"by": "Cora", "reason": "new airports"}
    assert [stay["commit"]["by"] for stay in story["stays"]] == ["Ann <ann@example.com>"]
    assert story["base"]["revision"] in git(told.root, "rev-list", "main").split()
    assert [one["fate"] for one in value["versions"]] == ["runs in production", "runs in staging"]


def test_a_roll_back_and_a_stop_sign_are_told_with_who_made_them(told: Loop, tmp_path: Path) -> None:
    loop = reopened(told, tmp_path / "copy")
    perennial(loop.root, "pr", "merge", "4", *WHEN)
    git(loop.root, "checkout", "--quiet", "--force", "main")
    git(loop.root, "revert", "--no-edit", "-m", "1", "HEAD")
    assert perennial(loop.root, "release", *WHEN).code == 0
    hold = "apiVersion: perennial/v1\nkind: Hold\nmetadata: {name: alpha}\nspec: {reason: look first, owner: ann}\n"
    (loop.root / "models/alpha/hold.yaml").write_text(hold)
    git(loop.root, "add", "models/alpha/hold.yaml")
    git(loop.root, "commit", "--quiet", "--message", "Hold")
    lines = told_of(loop)
    assert lines[0].startswith("alpha 1.0.0  ")
    assert any(line.startswith("rolled back ") and "into production by Ann <ann@example.com>" in line for line in lines)
    (held,) = [line for line in lines if line.startswith("held")]
    assert held.startswith("held        by ann: look first (Ann <ann@example.com>, ")
    assert "ran         in production from 2013-04-01 until 2013-04-01" in told_of(loop, "1.1.0")


def test_a_broken_ledger_is_told_up_to_its_break(told: Loop, tmp_path: Path) -> None:
    loop = reopened(told, tmp_path / "copy")
    lines = git(loop.root, "show", "perennial/ledger:alpha.jsonl").splitlines(keepends=True)
    put(loop.repository, LEDGER, {"alpha.jsonl": "".join([*lines[:3], lines[3].replace("alpha", "alphb")]).encode()})
    found = told_of(loop)
    assert any(line.startswith("ledger      ✗ broken, and told up to there: perennial/ledger alpha.jsonl:4: ") for line in found)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("beta",), "there is no model beta on main; there are: alpha"), (("alpha", "7.0.0"), "there is no version 7.0.0 of alpha")],
)
def test_what_is_not_there_is_told(told: Loop, arguments: tuple[str, ...], said: str) -> None:
    answer = perennial(told.root, "audit", *arguments)
    assert answer.code == 1
    assert said in answer.err
    assert "try: perennial " in answer.err
