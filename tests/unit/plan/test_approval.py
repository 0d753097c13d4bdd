"""Who must agree to a promotion, by the model's tier."""

from dataclasses import replace
from typing import Any

from reconciler.domain.judgements import Answer
from reconciler.domain.overrides import GateOverride
from reconciler.plan.approval import judge_approval, merges_itself
from reconciler.plan.situation import judge_gates
from tests.builders import DAY, NOW, a_candidate, an_open_change, facts, first_evidence
from tests.cases import each
from tests.unit.plan.situations import a_situation

WAITING = facts(candidate=a_candidate(evidence=first_evidence()), releases={})
OWNED = {"owners": ["Ada", "bob"]}
YES, NO = Answer.YES, Answer.NO


def judged(tier: str, promotion: Any = None, **change: Any) -> tuple[Answer, str, bool]:
    situation = a_situation(WAITING, tier=tier, promotion=promotion or {})
    gates = judge_gates(situation)
    assert gates is not None
    opened = an_open_change(**change)
    said = judge_approval(situation, opened, gates)
    return said.answer, said.code, merges_itself(situation, opened, gates)


@each(
    ("tier", "promotion", "change", "expected"),
    [
        ("low", None, {}, (YES, "noneNeeded", True)),
        ("low", None, {"draft": True}, (YES, "noneNeeded", False)),
        ("low", None, {"edited": True}, (YES, "noneNeeded", False)),
        ("low", None, {"tip": None}, (YES, "noneNeeded", False)),
        ("low", {"approvals": 1}, {}, (NO, "notApproved", False)),
        ("low", {"approvals": 1}, {"approved_by": ("eve",)}, (YES, "approved", True)),
        ("standard", None, {}, (NO, "notApproved", False)),
        ("standard", None, {"approved_by": ("eve",)}, (YES, "approved", False)),
        ("standard", None, {"approved_by": ("Eve",), "author": "eve"}, (NO, "notApproved", False)),
        ("standard", {"approvals": 2}, {"approved_by": ("eve", "EVE")}, (NO, "notApproved", False)),
        ("standard", {"approvals": 2}, {"approved_by": ("eve", "kim")}, (YES, "approved", False)),
        ("high", OWNED, {"approved_by": ("eve", "kim")}, (NO, "ownerMissing", False)),
        ("high", OWNED, {"approved_by": ("ADA",)}, (YES, "approved", False)),
        ("high", OWNED, {"approved_by": ("ada",), "author": "Ada"}, (NO, "ownerMissing", False)),
        ("high", {**OWNED, "approvals": 2}, {"approved_by": ("ada",)}, (NO, "notApproved", False)),
        ("high", None, {"approved_by": ("ada",)}, (NO, "ownerMissing", False)),
    ],
)
def test_each_tier_asks_for_its_people(tier: str, promotion: Any, change: Any, expected: tuple[Answer, str, bool]) -> None:
    assert judged(tier, promotion, **change) == expected


def test_what_a_person_set_aside_another_one_looks_at() -> None:
    bad = a_candidate(evidence=first_evidence(metrics={}))
    override = GateOverride(
        gates=("floor",), candidate=bad.build.digest, champion=None, owner="ada", reason="odd", since=NOW - DAY, until=NOW + DAY
    )
    situation = a_situation(replace(WAITING, candidate=bad, override=override), tier="low")
    gates = judge_gates(situation)
    assert gates is not None
    assert gates.answer is YES
    assert judge_approval(situation, an_open_change(), gates).code == "notApproved"
    assert not merges_itself(situation, an_open_change(approved_by=("eve",)), gates)


def test_the_message_names_who_is_missing_and_who_agreed() -> None:
    situation = a_situation(WAITING, tier="high", promotion=OWNED)
    gates = judge_gates(situation)
    assert gates is not None
    said = judge_approval(situation, an_open_change(approved_by=("eve",)), gates)
    assert said.message == "tier high needs the approval of Ada or bob; eve approved"
    assert said.remedy == "a review by Ada or bob"
