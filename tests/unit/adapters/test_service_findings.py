"""What is made of GitHub's answers: good, to look at, or about to fail; never good where nothing is known."""

from dataclasses import replace
from datetime import timedelta

from reconciler.adapters.diagnosis.service import CHECKS, NEEDED, diagnose_service
from reconciler.domain.diagnosis import Finding, Level
from reconciler.domain.service import ServiceFacts
from reconciler.errors import ObserveError
from tests.builders import NOW
from tests.cases import each

FINE = ServiceFacts(
    login="perennial[bot]",
    default_branch="main",
    may_push=True,
    protected=True,
    approvals=1,
    code_owners=True,
    checks=CHECKS,
    permissions=dict(NEEDED),
    now=NOW,
)


def found(facts: ServiceFacts) -> dict[str, Finding]:
    return {one.check: one for one in diagnose_service(lambda: facts, NOW)}


def test_all_is_well() -> None:
    assert [one.level for one in found(FINE).values()] == [Level.GOOD] * 5


@each(
    ("change", "check", "level", "said"),
    [
        ({"default_branch": "master"}, "github", Level.BAD, "the default branch is master"),
        (
            {"permissions": {**NEEDED, "issues": "read"}},
            "permissions",
            Level.BAD,
            "1 of 7 that the App needs are missing: issues: write",
        ),
        ({"permissions": {}}, "permissions", Level.BAD, "7 of 7"),
        ({"permissions": dict.fromkeys(NEEDED, "admin")}, "permissions", Level.GOOD, "all 7"),
        ({"permissions": None}, "permissions", Level.GOOD, "may push"),
        ({"permissions": None, "may_push": False}, "permissions", Level.BAD, "may not push"),
        ({"permissions": None, "may_push": None}, "permissions", Level.DOUBT, "does not tell"),
        ({"protected": False}, "protection", Level.BAD, "is not protected"),
        ({"checks": ("validated",)}, "protection", Level.BAD, "1 of 2 checks are not required: gated"),
        ({"approvals": None}, "reviews", Level.DOUBT, "no rule that can be seen"),
        ({"approvals": 0}, "reviews", Level.DOUBT, "0 approvals"),
        ({"code_owners": None}, "owners", Level.DOUBT, "not asked"),
        ({"now": None}, "github's clock", Level.DOUBT, "has no time"),
        ({"now": NOW - timedelta(minutes=6)}, "github's clock", Level.BAD, "360 s apart, 300 s are allowed"),
        ({"now": NOW + timedelta(minutes=4)}, "github's clock", Level.GOOD, "240 s"),
    ],
)
def test_each_fault_is_told_with_both_numbers_and_a_remedy(
    change: dict[str, object], check: str, level: Level, said: str
) -> None:
    one = found(replace(FINE, **change))[check]  # type: ignore[arg-type]

    assert (one.level, said in one.message) == (level, True), one
    assert bool(one.remedy) is (level is not Level.GOOD)


def test_what_cannot_be_asked_is_not_known() -> None:
    def ask() -> ServiceFacts:
        raise ObserveError("GitHub answers 403", help="another token")

    (one,) = diagnose_service(ask, NOW)
    assert (one.level, one.remedy) == (Level.DOUBT, "another token")
    assert "is not known: GitHub answers 403" in one.message
