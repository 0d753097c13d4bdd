"""`perennial retrain` and `perennial override`: what people ask for stands in the ledger, and the next plan hears it."""

import pytest

from reconciler.domain.events import EventKind
from reconciler.specs.policies import RetrainPolicy
from tests.builders import a_policy
from tests.commands import perennial
from tests.loops import Loop, yaml_of
from tests.repositories import git

T2 = ("--as-of", "2013-03-02")
POLICY = "policies/retrain/standard.yaml"
MANUAL = {"any": [{"type": "specChanged"}, {"type": "manual"}]}
FROZEN = {"type": "freeze", "windows": [{"from": "2013-03-01", "until": "2013-04-01", "reason": "audit"}]}
WHY = ("--reason", "new airports", "--by", "Ann Lee")
UNTIL = ("--guard", "freeze", "--until", "2013-03-05")


@pytest.fixture
def released(loop: Loop) -> Loop:
    """Alpha is released; it is retrained when somebody asks, but not in March."""
    loop.promote()
    policy = a_policy(RetrainPolicy, triggers=MANUAL, guards=[FROZEN])
    loop.commit("Freeze", **{POLICY: yaml_of(policy)})
    return loop


def decision(loop: Loop, *as_of: str) -> tuple[str, str]:
    (made,) = perennial(loop.root, "plan", *(as_of or T2), "-o", "json").json["decisions"]
    return made["type"], made["code"]


def test_a_request_waits_for_the_freeze_until_a_person_overrides_it(released: Loop) -> None:
    git(released.root, "checkout", "--force", "main")
    assert decision(released) == ("hold", "fresh")

    asked = perennial(released.root, "retrain", "alpha", *WHY, *T2)
    assert (asked.code, asked.err) == (0, "")
    assert asked.out == "recorded for alpha: Ann Lee asks for a retrain: new airports\nperennial explain alpha\n"
    assert decision(released) == ("hold", "guarded")
    assert "perennial override alpha --guard freeze" in perennial(released.root, "explain", "alpha", *T2).out.replace("\n", " ")

    made = perennial(released.root, "override", "alpha", *UNTIL, *WHY, *T2)
    assert made.out == "recorded for alpha: Ann Lee sets freeze aside until 2013-03-05: new airports\nperennial explain alpha\n"
    assert decision(released) == ("retrain", "manual")
    assert decision(released, "--as-of", "2013-03-05") == ("hold", "guarded")


def test_a_request_is_a_line_of_the_ledger_and_asking_twice_is_asking_once(loop: Loop) -> None:
    before = loop.kinds("alpha")
    for _ in range(2):
        told = perennial(loop.root, "retrain", "alpha", *WHY, *T2, "-o", "json").json
    (line,) = loop.ledger("alpha")[len(before) :]
    assert (line.id, line.kind) == ("requested/2013-03-02/Ann Lee", EventKind.REQUESTED)
    assert line.details == {"by": "Ann Lee", "reason": "new airports"}
    assert told["event"]["details"] == line.details
    assert told["next"].startswith("nothing will happen: its retrain policy standard has no trigger {type: manual}")


def test_an_override_of_a_guard_that_the_policy_lacks_says_so(loop: Loop) -> None:
    told = perennial(loop.root, "override", "alpha", *UNTIL, *WHY, *T2)
    assert told.out.endswith("it changes nothing: its retrain policy standard has no guard freeze\n")
    assert loop.ledger("alpha")[-1].details == {
        "guard": "freeze",
        "until": "2013-03-05",
        "by": "Ann Lee",
        "reason": "new airports",
    }


def test_who_asks_is_whom_git_knows(loop: Loop) -> None:
    git(loop.root, "config", "user.name", "Bob")
    assert perennial(loop.root, "retrain", "alpha", *WHY[:2], *T2).out.startswith("recorded for alpha: Bob asks")


def test_nobody_asks_without_a_name(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_SYSTEM", "/dev/null")):
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("GIT_AUTHOR_NAME", raising=False)
    told = perennial(loop.root, "retrain", "alpha", *WHY[:2], *T2)
    assert told.code == 2
    assert "git does not know who you are: give --by NAME" in told.err


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("retrain", "alpha"), 2, "Missing option '--reason'"),
        (("retrain", "alpha", "--reason", "", "--by", "ann"), 2, "--reason: String should have at least 1 character"),
        (("retrain", "alpha", "--reason", " \n ", "--by", "ann"), 2, "--reason: String should have at least 1 character"),
        (("retrain", "alpha", "--reason", "x" * 501, "--by", "ann"), 2, "--reason: String should have at most 500 characters"),
        (("retrain", "alpha", "--reason", "\ud800", "--by", "ann"), 2, "--reason: "),
        (("retrain", "alpha", "--reason", "x", "--by", ""), 2, "--by: String should have at least 1 character"),
        (("retrain", "alfa", *WHY), 1, 'there is no model alfa on main; did you mean "alpha"?'),
        (("override", "beta", *UNTIL, *WHY, *T2), 1, "there is no model beta on main; "),
        (("override", "alpha", "--guard", "freeze", *WHY), 2, "Missing option '--until'"),
        (
            ("override", "alpha", "--guard", "budget", "--until", "2199-01-01", *WHY),
            2,
            "'budget' is not one of 'backoff', 'freeze'",
        ),
        (("override", "alpha", "--guard", "freeze", "--until", "soon", *WHY), 2, "got 'soon'"),
        (("override", "alpha", *UNTIL, *WHY, "--as-of", "2013-03-05"), 2, "--until 2013-03-05 is over already: it is 2013-03-05"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_recorded(
    proposed: Loop, arguments: tuple[str, ...], code: int, message: str
) -> None:
    before = proposed.refs()
    told = perennial(proposed.root, *arguments)
    assert (told.code, message in told.err) == (code, True), told.err
    assert told.is_harmless
    assert proposed.refs() == before


@pytest.mark.parametrize("reason", ["a: b # c", "{{ x }}", "'\"`$(id)", "größer", "line\nbreak", "\x1b[2J", "]}"])
def test_any_reason_is_read_back_as_text_and_shown_without_harm(loop: Loop, reason: str) -> None:
    told = perennial(loop.root, "retrain", "alpha", "--reason", reason, "--by", reason, *T2)
    assert told.code == 0
    assert told.is_harmless
    assert loop.ledger("alpha")[-1].details == {"by": reason, "reason": reason}
