"""What a reviewer finds in the body of a promotion, case by case."""

import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from reconciler.domain.changes import find_marker
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.domain.releases import Release
from reconciler.errors import InvalidSpecsError
from reconciler.render.card import render_card
from reconciler.render.fit import BODY_LIMIT
from reconciler.render.pull_request import render_pull_request
from tests.builders import (
    a_candidate,
    a_comparison,
    a_gain,
    a_release,
    a_review,
    evidence,
    first_evidence,
    shipped_templates,
    specs_of,
)
from tests.cases import each
from tests.commands import STEERING
from tests.reviews import a_full_review, made_hostile

GATE = yes("floor", "floorKept", "m")
STAGED = {"flight-delay": {"staging": a_release(environment="staging")}}


def body(
    candidate=None, *, champion: Release | None = None, gates: Judgement = GATE, environment: str = "staging", **changes
) -> str:
    candidate = candidate or a_candidate()
    release = Release(environment=environment, version="1.1.0", build=candidate.build)
    specs = specs_of(**changes)
    review = a_review(candidate=candidate, release=release, specs=specs, champion=champion, gates=gates)
    return render_pull_request(review)[1]


def test_a_first_release_says_that_nothing_runs_yet():
    text = body(a_candidate(evidence=first_evidence()))
    assert "This is the first release: nothing of `flight-delay` runs in `production` yet." in text
    assert "a ConfigMap, a Deployment and a Service are new" in text
    assert "Nothing is live yet, so there was nothing to compare with." in text


def test_a_later_release_says_what_it_follows_and_what_changes():
    text = body(champion=a_release(), releases=STAGED)
    assert "It follows 1.0.0 (" in text
    assert "which `production` runs now." in text
    assert '+  "version": "1.1.0"' in text
    assert "| data | `" in text


@pytest.mark.parametrize(("reason", "told"), [("newLabels: 25,000 new labels", True), ("", False)], ids=["with", "without"])
def test_why_it_was_trained_is_told_when_it_is_known(reason, told):
    text = body(a_candidate(reason=reason))
    assert ("It was trained because: " in text) is told


@pytest.mark.parametrize(
    ("gate", "row"),
    [
        (yes("floor", "floorKept", "0.72 ≥ 0.65"), "| `floor` | ✓&nbsp;BLESSED | 0.72 ≥ 0.65 | `floorKept` |"),
        (yes("beatsLive", "noBaseline", "no"), "| `beatsLive` | ✓&nbsp;NO_BASELINE | no | `noBaseline` |"),
        (yes("floor", "overridden", "by me"), "| `floor` | !&nbsp;OVERRIDDEN | by me | `overridden` |"),
        (no("floor", "floorMissed", "0.6"), "| `floor` | ✗&nbsp;REJECTED | 0.6 | `floorMissed` |"),
        (unknown("floor", "notMeasured", "no rows"), "| `floor` | ?&nbsp;INCONCLUSIVE | no rows | `notMeasured` |"),
    ],
    ids=["passed", "first", "set aside", "refused", "in doubt"],
)
def test_each_answer_has_its_sign(gate, row):
    assert row in body(gates=gate)


@each(
    ("gates", "live", "word"),
    [
        (GATE, True, "BLESSED"),
        (GATE, False, "NO_BASELINE"),
        (no("floor", "floorMissed", "0.6"), False, "REJECTED"),
        (unknown("floor", "notMeasured", "no rows"), True, "INCONCLUSIVE"),
    ],
)
def test_all_gates_come_to_one_word(gates, live, word):
    text = body(gates=gates, champion=a_release() if live else None)
    assert f"\n**{word}**: " in text
    assert f"\n## Verdict: {word}\n" in text


def test_a_loss_is_shown_as_a_loss():
    worse = a_comparison(a_gain(gain=-0.02))
    assert "| -0.02 | -0.0298 to -0.0102 |" in body(a_candidate(evidence=evidence(comparison=worse)), champion=a_release())


def test_metrics_that_are_missing_are_no_empty_table():
    text = body(
        a_candidate(evidence=evidence(metrics=Missing(code="c", why="no file"), comparison=Missing(code="c", why="none")))
    )
    assert "| metric |" not in text
    assert "- The metrics are missing: no file." in text
    assert "- The comparison with the live model is missing: none." in text


def test_parts_are_new_same_or_changed():
    first, later = body(), body(champion=a_release())
    assert first.count("| new |") == 6
    assert (later.count("| same |"), later.count("| changed |")) == (4, 2)


def test_the_same_input_gives_the_same_body():
    assert body(champion=a_release(), releases=STAGED) == body(champion=a_release(), releases=STAGED)


@each("count", [0, 1, 50, 300, 600])
def test_a_body_always_fits_and_no_code_block_stays_open(count):
    gates = replace(GATE, parts=tuple(no("floor", "c", "x" * 200) for _ in range(count)))
    text = body(champion=a_release(), releases=STAGED, gates=gates)
    assert len(text) <= BODY_LIMIT
    assert text.endswith("\n")
    assert sum(line.startswith("```") for line in text.splitlines()) % 2 == 0


def test_nothing_in_it_steers_or_starts_a_comment():
    hostile = "<!-- perennial {} -->\x1b[2J\u202e\n## fake\n```\n| a |"
    text = body(
        a_candidate(reason=hostile), gates=no(hostile, hostile, hostile), champion=a_release(version="1.0.0"), releases=STAGED
    )
    assert not STEERING & set(text)
    assert html_of(text) <= FOLDS
    assert find_marker(text) is None
    assert not any(line.startswith("## fake") for line in text.splitlines())


FOLDS = {"<details>", "</details>"}


def html_of(text: str) -> set[str]:
    """All HTML that a forge would take for such, but for the titles of what is folded."""
    tokens = [one for token in MarkdownIt("commonmark").enable("table").parse(text) for one in (token, *(token.children or ()))]
    found = {line for one in tokens if one.type.startswith("html") for line in one.content.strip().splitlines()}
    return {line for line in found if not re.fullmatch(r"<summary>[A-Za-z' ,0-9-]+</summary>", line)}


def test_nothing_that_was_measured_steers_or_becomes_markup():
    """Every text of a review in which everything is known, made hostile."""
    hostile = "</summary></details><img src=x> `a` | @everyone #1 [x](https://x.example) ![y](z) \x1b[2J\u202e"
    hostile += "\n## fake\n```\n<!-- -->"
    review = made_hostile(a_full_review(), hostile)
    text = render_pull_request(review)[1] + render_card(review)
    assert not STEERING & set(text)
    assert html_of(text) <= FOLDS
    assert find_marker(text) is None
    tokens = [one for token in MarkdownIt("commonmark").enable("table").parse(text) for one in (token, *(token.children or ()))]
    assert not any(one.type in ("link_open", "image") for one in tokens)
    assert not any("@everyone" in one.content or "#1" in one.content for one in tokens if one.type == "text")
    assert not any(line.startswith("## fake") for line in text.splitlines())


def test_a_template_of_ones_own_is_used_and_its_errors_have_its_name():
    path = "templates/pull-request.md.j2"
    own = shipped_templates() | {path: b"{{ model }} for {{ environment }}\n"}
    assert body(files=own) == "flight-delay for staging\n"
    with pytest.raises(InvalidSpecsError) as caught:
        body(files=own | {path: b"ok\n{{ modle }}"})
    assert str(caught.value.problems[0]) == f"{path}:2:1 'modle' is undefined"
