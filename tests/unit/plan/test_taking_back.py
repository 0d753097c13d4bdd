"""The steps of a roll-back: a pull request with exact files, a line in the ledger, and a merge where nobody is waited for."""

from dataclasses import replace
from typing import Any

import pytest
import yaml

from reconciler.domain.changes import ROLL_BACK, find_marker
from reconciler.domain.decisions import RollBack
from reconciler.domain.facts import History, ModelFacts
from reconciler.domain.names import quarantine_path
from reconciler.domain.steps import Merge, Record, Step, TakeBack
from reconciler.plan.decide import decide
from reconciler.plan.plan import make_plan
from reconciler.plan.situation import situation_of
from reconciler.plan.taking_back import take_back_steps
from reconciler.specs.load import load_specs
from tests.builders import NOW, a_revision
from tests.unit.plan.worlds import a_world, the_specs
from tests.unwell import BEFORE, LIVE, PATH, a_deployed, a_takeback, unwell

QUARANTINE = quarantine_path("flight-delay")


def steps(seen: ModelFacts | None = None, tier: str = "standard", **changes: Any) -> list[Step]:
    seen = seen or unwell()
    specs, world = the_specs(seen, tier=tier), a_world(seen)
    specs = replace(specs, **changes)
    situation = situation_of(specs, seen, NOW)
    decision = decide(situation)
    assert isinstance(decision, RollBack)
    return take_back_steps(decision, situation, world, specs)


def the_step(**changes: Any) -> TakeBack:
    step = steps(**changes)[0]
    assert isinstance(step, TakeBack)
    return step


def followed(step: TakeBack, **changes: Any) -> ModelFacts:
    """The world that the step leads to, and the ledger's line."""
    (record,) = (one for one in steps() if isinstance(one, Record))
    history = History(events=frozenset({record.event.id}))
    opened = {"content": step.content, "title": step.title, "body": step.body, "tip": a_revision("tip")}
    return unwell(takebacks=(a_takeback(**opened | changes),), history=history)


def test_it_puts_back_what_ran_before_and_quarantines_the_digest() -> None:
    step = the_step()
    assert step.branch == "perennial/flight-delay/rollback-production"
    assert (step.files[PATH], step.files["runs/flight-delay/new.json"]) == ("release: 0.9.0\n", None)
    written = yaml.safe_load(step.files[QUARANTINE] or "")["spec"]["digests"]
    assert written == [{"digest": LIVE.digest, "reason": "1.0.0 was taken back in production: degraded"}]
    assert step.title == "Roll flight-delay in production back to 0.9.0"


def test_what_it_writes_is_read_as_it_was_meant() -> None:
    text = the_step(quarantine={"flight-delay": {BEFORE.digest: 'it was: "odd" #1'}}).files[QUARANTINE] or ""
    specs = load_specs({QUARANTINE: text.encode(), **_model()})
    assert list(specs.quarantine["flight-delay"].items()) == [
        (BEFORE.digest, 'it was: "odd" #1'),
        (LIVE.digest, "1.0.0 was taken back in production: degraded"),
    ]


def _model() -> dict[str, bytes]:
    specs = the_specs()
    documents = {
        "models/flight-delay/model.yaml": specs.models["flight-delay"],
        "datasets/flights.yaml": specs.datasets["flights"],
        "policies/retrain/standard.yaml": specs.retrain["standard"],
        "policies/gates/standard.yaml": specs.gates["standard"],
        "policies/rollout/direct.yaml": specs.rollouts["direct"],
    }
    return {
        path: yaml.safe_dump(document.model_dump(mode="json", by_alias=True, exclude_unset=True)).encode()
        for path, document in documents.items()
    } | {path: text for path, text in specs.files.items() if path.startswith("templates/")}


def test_the_pull_request_says_why_what_and_how_to_keep_it() -> None:
    body = the_step().body
    for words in (
        "is taken back",
        "exceeded its progress deadline",
        "runs again | 0.9.0",
        "nothing: it merges itself",
        "close it",
    ):
        assert words in body
    assert f"- puts back `{PATH}`" in body
    assert "- removes `runs/flight-delay/new.json`" in body
    marker = find_marker(body)
    assert marker
    assert (marker.kind, marker.digest, marker.environment) == (ROLL_BACK, LIVE.digest, "production")


def test_the_ledger_is_told_once_and_not_at_all_when_it_is_broken() -> None:
    first = steps()
    assert [type(step) for step in first] == [TakeBack, Record]
    assert [type(step) for step in steps(followed(the_step()))] == [Merge]
    assert [type(step) for step in steps(unwell(history=History(broken="a.jsonl:2: altered")))] == [TakeBack]


@pytest.mark.parametrize(("tier", "kinds"), [("low", [Merge]), ("standard", [Merge]), ("high", [])])
def test_the_tier_says_who_merges_it(tier: str, kinds: list[type]) -> None:
    made = the_step(tier=tier)
    found = steps(followed(made), tier=tier)
    assert [type(step) for step in found] == kinds
    assert all(step.takes_back and step.files == made.files for step in found if isinstance(step, Merge))


def test_a_move_of_main_writes_it_anew() -> None:
    (step,) = steps(followed(the_step(), content="sha256:" + "0" * 64))
    assert isinstance(step, TakeBack)


def test_other_words_of_the_cluster_write_nothing_anew() -> None:
    said = followed(the_step())
    other = replace(said, deployed={"production": a_deployed(message="ImagePullBackOff")})
    assert [type(step) for step in steps(other)] == [Merge]


def test_quiet_hours_and_limits_do_not_hold_a_roll_back() -> None:
    seen = followed(the_step())
    specs = the_specs(seen)
    noise = specs.settings.noise.model_validate({"quietHours": [{"from": "00:00", "until": "23:59"}]})
    quiet = replace(specs, settings=specs.settings.model_copy(update={"noise": noise}))
    assert [type(step) for step in make_plan(a_world(seen), quiet).steps if isinstance(step, Merge)] == [Merge]


def test_what_runs_again_is_signed_where_releases_are_and_it_was_not() -> None:
    specs = the_specs(unwell())
    signing = specs.settings.signing.model_validate({"method": "key"})
    settings = specs.settings.model_copy(update={"signing": signing})
    statement = f"models/flight-delay/evidence/{BEFORE.digest[7:]}.provenance.json"
    signature = f"models/flight-delay/evidence/{BEFORE.digest[7:]}.intoto.jsonl"
    signed = the_step(settings=settings, files=specs.files | {statement: b"{}"}).sign
    assert signed
    assert (signed.path, signed.statement) == (signature, "{}")
    assert the_step(settings=settings, files=specs.files | {statement: b"{}", signature: b"s"}).sign is None
    assert the_step(settings=settings).sign is None
