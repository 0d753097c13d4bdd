"""`plan`, `status` and `explain` on a real repository: what they say, their JSON and exit codes."""

import pytest

from tests.commands import perennial
from tests.loops import FLOOR, Loop, a_gate, a_loop

T1 = ("--as-of", "2013-03-01")
DECISION = {"code", "judgements", "message", "model", "rung", "type"}


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    """Two models that were never trained."""
    return a_loop(tmp_path_factory.mktemp("fresh") / "repository", "alpha", "beta")


def test_a_plan_is_told_in_words(fresh):
    told = perennial(fresh.root, "plan", *T1)
    assert (told.code, told.err) == (0, "")
    assert "alpha  RETRAIN" in told.out
    assert "nothing was ever trained (firstRelease)" in told.out
    assert told.out.splitlines()[-1] == "2 retrain; 2 steps."


def test_a_plan_is_json_with_the_revision_it_belongs_to(fresh):
    plan = perennial(fresh.root, "plan", *T1, "-o", "json").json
    assert set(plan) == {"at", "decisions", "notices", "revision", "steps"}
    assert plan["revision"] == fresh.refs()["refs/heads/main"]
    assert plan["at"] == "2013-03-01T00:00:00Z"
    assert [(one["model"], one["type"], one["rung"]) for one in plan["decisions"]] == [
        ("alpha", "retrain", "retrainIsDue"),
        ("beta", "retrain", "retrainIsDue"),
    ]
    assert all(set(one) == DECISION | {"asOf"} for one in plan["decisions"])


@pytest.mark.parametrize("command", [("plan",), ("status",), ("explain", "alpha")])
@pytest.mark.parametrize("output", ["text", "json"])
def test_asking_twice_gives_the_same_bytes_and_changes_no_ref(proposed, command, output):
    before = proposed.refs()
    first, second = (perennial(proposed.root, *command, *T1, "-o", output) for _ in range(2))
    assert first == second
    assert first.code == 0
    assert proposed.refs() == before


def test_only_the_named_models_are_planned(fresh):
    for names in (["beta"], ["alpha", "beta"]):
        options = [word for name in names for word in ("--model", name)]
        plan = perennial(fresh.root, "plan", *T1, *options, "-o", "json").json
        assert [one["model"] for one in plan["decisions"]] == names


def test_the_exit_code_tells_of_pending_changes_only_when_asked(fresh, proposed):
    assert perennial(fresh.root, "plan", *T1).code == 0
    assert perennial(fresh.root, "plan", *T1, "--detailed-exitcode").code == 10
    assert perennial(fresh.root, "plan", *T1, "--detailed-exitcode", "-o", "json").json["steps"]
    settled = perennial(proposed.root, "plan", *T1, "--detailed-exitcode", "-o", "json")
    assert (settled.code, settled.json["steps"]) == (0, [])


def test_an_edit_shows_its_effect_before_it_is_committed(loop):
    (loop.root / "policies/gates/standard.yaml").write_bytes(a_gate(0.99))
    told = perennial(loop.root, "plan", *T1)
    assert "WITHDRAW #1" in told.out
    assert "at least 0.99" in told.out
    assert "PROMOTE" in perennial(loop.root, "status", *T1).out  # what runs is main's


def test_a_plan_of_an_invalid_edit_lists_every_problem_and_the_place(loop):
    (loop.root / "models/alpha/model.yaml").write_text("kind: [\n")
    (loop.root / "params.yaml").write_text("models: 7\n")
    told = perennial(loop.root, "plan", *T1, "-o", "json")
    assert told.code == 3
    assert {problem["file"] for problem in told.json["error"]["problems"]} == {"models/alpha/model.yaml", "params.yaml"}
    assert perennial(loop.root, "status", *T1).code == 0


def test_the_status_of_every_model_and_environment(proposed):
    (model,) = perennial(proposed.root, "status", *T1, "-o", "json").json["models"]
    assert [(one["environment"], one["version"], one["age"]) for one in model["running"]] == [
        ("staging", None, None),
        ("production", None, None),
    ]
    assert model["pullRequests"] == [1]
    assert model["candidate"].startswith("sha256:")
    assert (model["decision"].split()[0], model["code"]) == ("PROMOTE", "changeOpen")
    text = perennial(proposed.root, "status", *T1).out
    assert text.splitlines()[0].split() == ["model", "environment", "version", "digest", "age", "candidate", "open", "decision"]
    assert "#1" in text.splitlines()[1]


def test_an_explanation_names_the_rung_and_every_rule(proposed):
    told = perennial(proposed.root, "explain", "alpha", *T1, "-o", "json").json
    assert set(told) == {"chain", "decision", "remedies", "rollouts", "rung"}
    assert told["rung"] == told["decision"]["rung"] == "changeIsOpen"
    rules = {rule for judgement in told["decision"]["judgements"] for rule in names(judgement)}
    assert {FLOOR["type"], "newLabels", "specChanged", "oneChangeOpen", "backoff"} <= rules
    assert "▸ a change is open" in perennial(proposed.root, "explain", "alpha", *T1).out


def names(judgement: dict) -> set[str]:
    return {judgement["rule"]}.union(*(names(part) for part in judgement["parts"]))


@pytest.mark.parametrize(
    "command",
    [("plan", "--model", "nope"), ("status", "--model", "nope"), ("explain", "nope"), ("reconcile", "--model", "nope")],
    ids=" ".join,
)
def test_an_unknown_model_is_refused_with_those_that_are_there(fresh, command):
    before = fresh.refs()
    told = perennial(fresh.root, *command, *T1, "-o", "json")
    assert told.code == 4
    assert told.json["error"]["message"] == "there is no model nope; there are: alpha, beta"
    assert told.json["error"]["help"] == "perennial status"
    assert fresh.refs() == before


@pytest.mark.parametrize(
    "time",
    [
        "tomorrow",
        "2013-02-30",
        "2013-13-01",
        "",
        "2013-03-01T25:00:00Z",
        "2013-03-01T06:00:00+02:00",
        "1e9",
        "\u0662\u0660\u0661\u0663-03-01",
    ],
)
@pytest.mark.parametrize("command", [("plan",), ("reconcile",), ("status",), ("explain", "alpha"), ("release",)], ids=" ".join)
def test_a_time_that_is_none_is_refused(fresh, command, time):
    told = perennial(fresh.root, *command, "--as-of", time)
    assert told.code == 1
    assert f"error: --as-of {time}: expected a" in told.err
    assert told.out == ""


@pytest.mark.parametrize(
    ("time", "code"), [("0001-01-01", 1), ("1969-12-31T23:59:59Z", 0), ("2016-02-29", 0), ("9999-12-31T23:59:59Z", 1)]
)
def test_a_time_far_away_is_a_time_or_refused(fresh, time, code):
    told = perennial(fresh.root, "plan", "--model", "alpha", "--as-of", time, "-o", "json")
    assert (told.code, "error" in told.json) == (code, code == 1)
