"""From a decision to exact bytes."""

import json
from dataclasses import replace

import yaml

from reconciler.domain.changes import find_marker
from reconciler.domain.facts import LabelFacts
from reconciler.domain.releases import digest_of_bytes
from reconciler.domain.steps import Close, Propose, Publish, Record, Train
from reconciler.domain.training import Price
from reconciler.plan.plan import Plan, make_plan
from reconciler.render.provenance import read_statement
from tests.builders import DAY, NOW, a_candidate, a_model, a_release, a_revision, an_open_change, facts
from tests.unit.plan.worlds import a_world, proposed, the_specs

MANY = LabelFacts(delay=DAY, new=25_000, newest=NOW - DAY)
CANDIDATE = a_candidate(files={"runs/flight-delay/metrics.json": '{"rocAuc": 0.72}\n', "params.yaml": "", "dvc.lock": ""})


def the_plan(seen: object, **world: object) -> Plan:
    return make_plan(a_world(seen, **world), the_specs(seen))  # type: ignore[arg-type]


def proposal(seen: object = None, **world: object) -> Propose:
    (step,) = [s for s in the_plan(seen or facts(candidate=CANDIDATE), **world).steps if isinstance(s, Propose)]
    return step


def test_a_retrain_is_one_step_that_advances_as_of_and_names_the_champion() -> None:
    (step,) = [step for step in the_plan(facts(labels=MANY)).steps if isinstance(step, Train)]
    assert (step.base, step.branch, step.replaces) == (a_revision(), "perennial/flight-delay/candidate", None)
    entry = yaml.safe_load(step.files["params.yaml"])["models"]["flight-delay"]
    assert entry == {
        "asOf": "2013-06-01T12:00:00Z",
        "champion": a_release().digest,
        "continues": "none",
        "dataset": "flights",
        "seed": 7,
    }


def test_a_model_with_a_price_is_billed_by_it() -> None:
    specs = the_specs(seen := facts(labels=MANY))
    priced = a_model(environments=["staging", "production"], price={"perHour": 3, "currency": "EUR"})
    plans = [make_plan(a_world(seen), each) for each in (specs, replace(specs, models={"flight-delay": priced}))]
    free, billed = (step for plan in plans for step in plan.steps if isinstance(step, Train))
    assert billed == replace(free, price=Price(per_hour=3, currency="EUR"))
    assert free.price is None


def test_a_promotion_contains_the_release_the_evidence_the_card_and_the_records() -> None:
    step = proposal()
    assert set(step.files) == {
        f"models/flight-delay/evidence/{CANDIDATE.build.digest.removeprefix('sha256:')}.json",
        f"models/flight-delay/evidence/{CANDIDATE.build.digest.removeprefix('sha256:')}.provenance.json",
        "models/flight-delay/releases/staging.yaml",
        "models/flight-delay/CARD.md",
        "runs/flight-delay/metrics.json",
        "dvc.lock",
    }
    release = yaml.safe_load(step.files["models/flight-delay/releases/staging.yaml"])
    assert release["spec"]["digest"] == CANDIDATE.build.digest
    evidence, statement = (text for path, text in step.files.items() if "/evidence/" in path)
    assert json.loads(evidence)["digest"] == CANDIDATE.build.digest
    said = read_statement(statement)
    assert (said.build, said.base, said.evidence) == (CANDIDATE.build, CANDIDATE.base, digest_of_bytes(evidence.encode()))


def test_the_body_ends_with_a_marker_of_exactly_this_content() -> None:
    step = proposal()
    marker = find_marker(step.body)
    assert marker is not None
    assert (marker.model, marker.environment, marker.digest) == ("flight-delay", "staging", CANDIDATE.build.digest)
    moved = find_marker(proposal(head=a_revision("later")).body)
    assert moved is not None
    assert moved.content != marker.content


def test_a_true_pull_request_asks_for_nothing() -> None:
    step = proposal()
    steps = the_plan(facts(candidate=CANDIDATE, changes=(proposed(step),))).steps
    assert [step for step in steps if not isinstance(step, Record | Publish)] == []


def test_a_pull_request_is_rebuilt_when_main_has_moved() -> None:
    step = proposal()
    change = an_open_change(environment="staging", title=step.title, body=step.body)
    seen = facts(candidate=CANDIDATE, changes=(change,))
    rebuilt = proposal(seen, head=a_revision("later"), branches={step.branch: a_revision("old tip")})
    assert (rebuilt.base, rebuilt.replaces) == (a_revision("later"), a_revision("old tip"))


def test_what_main_has_already_is_not_in_the_change() -> None:
    seen = facts(candidate=CANDIDATE)
    specs = the_specs(seen)
    specs = replace(specs, files={**specs.files, "runs/flight-delay/metrics.json": b'{"rocAuc": 0.72}\n'})
    (step,) = [s for s in make_plan(a_world(seen), specs).steps if isinstance(s, Propose)]
    assert "runs/flight-delay/metrics.json" not in step.files


def test_an_overtaken_pull_request_is_closed() -> None:
    seen = facts(candidate=a_candidate("newer"), changes=(an_open_change(),))
    assert [step.number for step in the_plan(seen).steps if isinstance(step, Close)] == [7]


def test_the_same_world_gives_the_same_plan() -> None:
    seen = facts(candidate=CANDIDATE, labels=MANY)
    assert the_plan(seen) == the_plan(seen)
