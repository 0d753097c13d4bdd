"""Training as a step: a good one moves the candidate's branch, a bad one only leaves a line; never one without the other."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.domain.events import EventKind
from reconciler.domain.evidence import Gain
from reconciler.domain.facts import Candidate
from reconciler.domain.names import COMMITTER
from reconciler.domain.outcomes import Status, StepOutcome
from reconciler.domain.training import Exceeded, Limits, Price, Resource, Retries, TrainingResult
from reconciler.errors import ConflictError
from reconciler.observe.candidate import read_candidate
from reconciler.observe.fleet import fleet_of
from reconciler.observe.history import history_of
from reconciler.observe.ledger import Chain, write_event
from reconciler.pipeline.build_json import build_text
from reconciler.pipeline.evidence_json import evidence_text
from reconciler.plan.record import record_steps
from tests.acting import ENTRY, TRAINED, Stage, a_stage, failed, trained
from tests.builders import NOW, a_build, a_comparison, a_fingerprint, a_gain, facts
from tests.repositories import MAIN_REF, put
from tests.unit.plan.situations import a_situation

CANDIDATE = "perennial/flight-delay/candidate"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return a_stage(tmp_path)


def act(stage: Stage, **changes: Any) -> StepOutcome:
    (outcome,) = stage.act(stage.train(**changes)).steps
    return outcome


def test_a_good_training_moves_the_branch_and_writes_a_line(stage: Stage) -> None:
    outcome = act(stage)
    assert outcome.status is Status.DONE
    assert outcome.message == f"trained {TRAINED.digest[7:19]} on 50,000 rows as of 2013-06-01T12:00:00Z"
    (line,) = stage.ledger()
    assert (line.kind, line.id, line.at) == (EventKind.TRAINED, f"trained/{TRAINED.digest}", NOW)
    assert line.details == {"digest": TRAINED.digest, "asOf": "2013-06-01T12:00:00Z", "rows": 50_000}


PRICE = Price(per_hour=3.6, currency="EUR")


def evaluated(*gains: Gain) -> dict[str, str]:
    """What `evaluate` leaves when the candidate gained this."""
    return {"evaluation_json": evidence_text({"metrics": {}, "comparison": a_comparison(*gains)})}


def test_the_line_tells_what_was_gained(stage: Stage) -> None:
    stage.trainer.answers = {"flight-delay": trained(**evaluated(a_gain("rocAuc", gain=0.02), a_gain("brier", gain=-0.001)))}
    act(stage)
    (line,) = stage.ledger()
    assert {key: line.details[key] for key in line.details if key.startswith("gain/")} == {
        "gain/rocAuc": 0.02,
        "gain/brier": -0.001,
    }
    (gain,) = history_of([line]).gains
    assert (gain.digest, gain.gains, gain.cost) == (TRAINED.digest, {"rocAuc": 0.02, "brier": -0.001}, None)


def test_a_pass_that_finds_the_candidate_would_write_the_same_line(stage: Stage) -> None:
    stage.trainer.answers = {"flight-delay": trained(**evaluated(a_gain(gain=0.1 + 0.2)))}
    act(stage)
    found = read_candidate(stage.repository, "flight-delay", stage.tip(CANDIDATE))
    (step, *_) = record_steps(a_situation(facts(candidate=found)))
    assert write_event(step.event) == write_event(stage.ledger()[0])


@pytest.mark.parametrize(
    ("result", "kind"),
    [(replace(trained(), seconds=99.01), EventKind.TRAINED), (replace(failed(), seconds=99.01), EventKind.TRAINING_FAILED)],
    ids=["a good one", "a failed one"],
)
def test_only_with_a_price_a_training_has_a_duration_and_a_cost(tmp_path: Path, result: TrainingResult, kind: EventKind) -> None:
    lines = {}
    for name, price in (("priced", PRICE), ("free", None)):
        stage = a_stage(tmp_path / name)
        stage.trainer.answers = {"flight-delay": result}
        act(stage, price=price)
        (lines[name],) = stage.ledger()
    cost = {"seconds": 100, "cost": 0.1, "currency": "EUR"}
    assert {line.kind for line in lines.values()} == {kind}
    assert lines["priced"].details == {**lines["free"].details, **cost}
    assert not cost.keys() & lines["free"].details.keys()


@pytest.mark.parametrize("result", [trained(), failed()], ids=["at last good", "at last bad"])
def test_every_try_stands_in_the_line_and_none_when_there_was_one(stage: Stage, result: TrainingResult) -> None:
    stage.trainer.answers = {"flight-delay": replace(result, failures=("snapshot@a: no network", "train@a: was killed"))}
    outcome = act(stage, retries=Retries(limit=4))
    (line,) = stage.ledger()
    tries = {"tries": 3, "try/1": "snapshot@a: no network", "try/2": "train@a: was killed"}
    assert {key: value for key, value in line.details.items() if key.startswith("tr")} == tries
    assert ("(try 3 of 5)" in outcome.message) == (outcome.status is Status.FAILED)


def test_the_order_has_the_steps_limits_and_retries(stage: Stage) -> None:
    act(stage, limits=Limits(seconds=60, memory=1), retries=Retries(limit=4))
    (order,) = stage.trainer.orders
    assert (order.limits, order.retries) == (Limits(seconds=60, memory=1), Retries(limit=4))


def test_a_run_without_a_build_is_paid_for_too(stage: Stage) -> None:
    stage.trainer.answers = {"flight-delay": replace(trained(candidate_json=None), seconds=7200)}
    act(stage, price=PRICE)
    (training,) = fleet_of({"flight-delay": Chain(events=stage.ledger())}, []).trainings
    assert (training.seconds, training.cost, training.currency) == (7200, 7.2, "EUR")


def test_the_trainer_is_given_the_very_files_of_the_plan(stage: Stage) -> None:
    act(stage)
    (order,) = stage.trainer.orders
    assert (order.model, order.base, order.files) == ("flight-delay", stage.head, {"params.yaml": ENTRY})


def test_the_candidate_is_one_commit_on_main_in_our_name(stage: Stage) -> None:
    act(stage)
    commit = stage.repository.commit_info(stage.tip(CANDIDATE))  # type: ignore[arg-type]
    assert (commit.parents, commit.committer, commit.at) == ((stage.head,), COMMITTER[1], NOW)
    assert commit.message.splitlines() == [
        "Train flight-delay as of 2013-06-01T12:00:00Z",
        "",
        "newLabels: 25,000 new labels",
        "",
        f"Release-Digest: {TRAINED.digest}",
    ]


def test_its_cause_is_kept_beside_what_the_run_left(stage: Stage) -> None:
    act(stage, cause='{"reason": "x"}\n')
    assert stage.files(CANDIDATE)["runs/flight-delay/cause.json"] == '{"reason": "x"}\n'
    act(stage, cause="")
    assert "runs/flight-delay/cause.json" not in stage.files(CANDIDATE)


def test_what_observing_reads_is_what_was_trained(stage: Stage) -> None:
    act(stage)
    found = read_candidate(stage.repository, "flight-delay", stage.tip(CANDIDATE))
    assert isinstance(found, Candidate)
    assert (found.build, found.trained_at, found.reason) == (TRAINED, NOW, "newLabels: 25,000 new labels")


def test_the_neighbours_entries_of_shared_files_are_left_alone(stage: Stage) -> None:
    act(stage)
    files = stage.files(CANDIDATE)
    assert files["params.yaml"].startswith("# Ours.\n")
    assert list(yaml.safe_load(files["params.yaml"])["models"]) == ["flight-delay", "zebra"]
    assert yaml.safe_load(files["dvc.lock"])["stages"] == {
        "train@flight-delay": {"cmd": "t"},
        "train@zebra": {"cmd": "zebra"},
    }
    assert files["README.md"] == "hello\n"


def test_a_neighbour_that_the_run_wrote_is_not_taken_over(stage: Stage) -> None:
    meddled = "schema: '2.0'\nstages:\n  train@zebra: {cmd: other}\n  train@flight-delay: {cmd: t}\n"
    stage.trainer.answers = {"flight-delay": trained(lock=meddled)}
    act(stage)
    assert yaml.safe_load(stage.files(CANDIDATE)["dvc.lock"])["stages"]["train@zebra"] == {"cmd": "zebra"}


def test_main_is_not_touched(stage: Stage) -> None:
    head, files = stage.head, stage.files("main")
    act(stage)
    assert (stage.head, stage.files("main")) == (head, files)


def test_a_second_training_replaces_the_first_from_main(stage: Stage) -> None:
    act(stage)
    other = a_build("better", as_of=NOW)
    stage.trainer.answers = {"flight-delay": trained(candidate_json=build_text(other), metrics_json=None)}
    act(stage)
    assert stage.repository.commit_info(stage.tip(CANDIDATE)).parents == (stage.head,)  # type: ignore[arg-type]
    assert "runs/flight-delay/metrics.json" not in stage.files(CANDIDATE)
    assert stage.kinds() == [EventKind.TRAINED] * 2


def test_the_same_training_again_changes_nothing(stage: Stage) -> None:
    act(stage)
    before = stage.refs()
    assert act(stage).status is Status.DONE
    assert stage.refs() == before


def test_a_line_that_a_killed_run_did_not_write_is_not_needed_twice(stage: Stage) -> None:
    act(stage)
    put(stage.repository, "refs/heads/perennial/ledger", {"flight-delay.jsonl": None})
    act(stage)
    assert stage.kinds() == [EventKind.TRAINED]


def test_a_candidate_that_moved_meanwhile_is_a_conflict_and_leaves_no_line(stage: Stage) -> None:
    stage.trainer.meanwhile = lambda: put(stage.repository, f"refs/heads/{CANDIDATE}", {"mine": b"1"})
    with pytest.raises(ConflictError):
        act(stage)
    assert stage.files(CANDIDATE) == {"mine": "1"}
    assert stage.ledger() == ()


def test_a_main_that_moved_meanwhile_is_no_reason_to_lose_the_training(stage: Stage) -> None:
    base = stage.head
    stage.trainer.meanwhile = lambda: put(stage.repository, MAIN_REF, {"README.md": b"moved\n"})
    assert act(stage).status is Status.DONE
    assert stage.repository.commit_info(stage.tip(CANDIDATE)).parents == (base,)  # type: ignore[arg-type]
    assert stage.head != base


def test_a_repository_without_any_lock_gets_one(stage: Stage) -> None:
    put(stage.repository, MAIN_REF, {"dvc.lock": None, "params.yaml": None})
    act(stage)
    files = stage.files(CANDIDATE)
    assert list(yaml.safe_load(files["dvc.lock"])["stages"]) == ["train@flight-delay"]
    assert list(yaml.safe_load(files["params.yaml"])["models"]) == ["flight-delay"]


class TestABadTraining:
    def test_leaves_a_line_and_nothing_else(self, stage: Stage) -> None:
        stage.trainer.answers = {"flight-delay": failed(message="all labels are of one class")}
        before = stage.refs()
        outcome = act(stage)
        assert (outcome.status, outcome.exit_code) == (Status.FAILED, 5)
        assert outcome.message == "training failed in train@flight-delay: all labels are of one class"
        assert [line.split(" ")[0] for line in stage.refs().splitlines()] == ["refs/heads/main", "refs/heads/perennial/ledger"]
        assert before in stage.refs()

    def test_is_told_with_its_stage_its_reason_and_the_end_of_its_log(self, stage: Stage) -> None:
        stage.trainer.answers = {"flight-delay": failed(log_tail="line 1\nline 2\u2028\x1b[31m")}
        act(stage)
        (line,) = stage.ledger()
        assert line.kind is EventKind.TRAINING_FAILED
        assert line.details == {
            "stage": "train@flight-delay",
            "reason": "newLabels: 25,000 new labels",
            "log": "line 1\nline 2\u2028\x1b[31m",
            **asdict(a_fingerprint()),
        }

    def test_that_used_too_much_tells_both_numbers(self, stage: Stage) -> None:
        over = Exceeded(resource=Resource.MEMORY, used=4.5 * 2**30, allowed=4.0 * 2**30)
        stage.trainer.answers = {"flight-delay": replace(failed(message=str(over)), exceeded=over)}
        assert act(stage).message.endswith("used 4,608 MiB of memory, 4,096 MiB are allowed")
        (line,) = stage.ledger()
        assert {key: line.details[key] for key in ("limit", "used", "allowed")} == {
            "limit": "memory",
            "used": 4_831_838_208,
            "allowed": 4_294_967_296,
        }

    def test_is_backed_off_by_what_the_ledger_says(self, stage: Stage) -> None:
        stage.trainer.answers = {"flight-delay": failed()}
        act(stage)
        act(stage, made_from=a_fingerprint(code="mended"))
        history = history_of(stage.ledger())
        assert (history.failures, history.last_failed_at) == (2, NOW)
        assert history.failed_from == a_fingerprint(code="mended")

    def test_leaves_the_candidate_of_before_alone(self, stage: Stage) -> None:
        act(stage)
        tip = stage.tip(CANDIDATE)
        stage.trainer.answers = {"flight-delay": failed()}
        act(stage)
        assert stage.tip(CANDIDATE) == tip
        assert stage.kinds() == [EventKind.TRAINED, EventKind.TRAINING_FAILED]

    @pytest.mark.parametrize(
        ("files", "words"),
        [
            ({"candidate_json": None}, "the run left no runs/flight-delay/candidate.json"),
            ({"candidate_json": "{}"}, "candidate.json cannot be understood"),
            ({"candidate_json": build_text(TRAINED).replace("50000", "many")}, "candidate.json cannot be understood"),
            ({"candidate_json": build_text(replace(TRAINED, model="zebra"))}, "candidate.json is about zebra"),
            ({"candidate_json": build_text(TRAINED).replace(TRAINED.data.digest, "sha256:" + "0" * 64)}, "its content has"),
            ({"lock": "stages: ["}, "dvc.lock:2:1"),
            ({"lock": "<<<<<<< HEAD\nstages:\n"}, "dvc.lock:"),
        ],
        ids=["no build", "an empty build", "no numbers", "another's build", "an altered build", "a cut lock", "a bad merge"],
    )
    def test_is_also_one_that_left_nothing_that_can_be_believed(self, stage: Stage, files: Any, words: str) -> None:
        stage.trainer.answers = {"flight-delay": trained(**files)}
        outcome = act(stage)
        assert (outcome.status, outcome.exit_code) == (Status.FAILED, 5)
        assert words in outcome.message
        assert stage.tip(CANDIDATE) is None
        assert stage.kinds() == [EventKind.TRAINING_FAILED]
