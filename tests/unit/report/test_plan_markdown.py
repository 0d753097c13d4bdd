"""A plan as a comment: every decision is in the table, only what moves has a part, and no value breaks out of its place."""

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from reconciler.domain.decisions import Decision, Hold
from reconciler.domain.judgements import no, yes
from reconciler.domain.steps import Close, Publish, Step
from reconciler.plan.plan import Plan
from reconciler.render.fit import BODY_LIMIT
from reconciler.report.plan_markdown import plan_markdown
from tests.builders import NOW, a_revision

HOLD = Hold(model="alpha", code="fresh", message="no trigger fires")
CLOSE = Close(model="alpha", number=3, comment="c")
PUBLISH = Publish(environment="production", branch="env/production", replaces=None, files={"README.md": ""}, message="Render")
HOSTILE = "| x |\n\n## Approved\n</details><script>alert(1)</script> ``` @everyone #1 \u202e\x1b[31m"


def comment(*decisions: Decision, steps: tuple[Step, ...] = (), effect: str | None = "") -> str:
    return plan_markdown(Plan(revision=a_revision(), at=NOW, decisions=decisions, steps=steps), effect)


def headings(body: str) -> list[str]:
    tokens = MarkdownIt("commonmark").parse(body)
    return [tokens[place + 1].content for place, token in enumerate(tokens) if token.type == "heading_open"]


@pytest.mark.parametrize(
    ("effect", "said"),
    [
        (None, "What they were cannot be told: the specs are wrong as they are on main."),
        ("", "They stay as they are."),
        ("-a\n+b", "```diff\n-a\n+b\n```"),
    ],
)
def test_what_becomes_of_the_manifests_is_told_and_so_is_that_nobody_knows(effect: str | None, said: str) -> None:
    body = comment(effect=effect)
    assert body.endswith(f"## Rendered manifests\n\n{said}\n")
    assert "There is no model yet." in body


def test_a_model_that_holds_has_a_line_and_no_part_unless_something_is_left_to_do() -> None:
    still, moving = replace(HOLD, model="zebra"), HOLD
    body = comment(still, moving, steps=(CLOSE,))
    assert headings(body) == ["Perennial plan", "`alpha`", "Rendered manifests"]
    assert "| zebra | HOLD | fresh | no trigger fires |" in body
    assert "No rule was asked." in body


def test_steps_of_environments_belong_to_no_model() -> None:
    assert headings(comment(HOLD, steps=(PUBLISH, PUBLISH))) == ["Perennial plan", "Environments", "Rendered manifests"]


def test_rules_within_rules_are_indented_below_each_other() -> None:
    inner = replace(no("inner", "code", "it does not"), parts=(yes("innermost", "code", "it does"),))
    outer = replace(no("outer", "code", "one says NO"), parts=(inner,))
    body = comment(replace(HOLD, judgements=(outer,)), steps=(CLOSE,))
    wanted = ["- `outer` NO: one says NO", "  - `inner` NO: it does not", "    - `innermost` YES: it does"]
    assert "\n".join(wanted) in body


def test_no_value_opens_a_part_ends_a_fold_or_calls_anybody() -> None:
    hold = replace(HOLD, message=HOSTILE, judgements=(no("r", "code", HOSTILE),))
    body = comment(hold, steps=(CLOSE,), effect=HOSTILE)
    assert headings(body) == ["Perennial plan", "`alpha`", "Rendered manifests"]
    written, _, shown = body.partition("````diff\n")
    assert shown.startswith("| x |\n\n## Approved\n")
    assert written.count("</details>") == 1
    assert [word for word in ("<script", "@everyone", " #1 ") if word in written] == []
    assert not {"\u202e", "\x1b"} & set(body)


def test_a_comment_always_fits_and_says_where_all_of_it_is() -> None:
    body = comment(HOLD, effect="+ line\n" * 20_000)
    assert len(body) <= BODY_LIMIT
    assert body.endswith("Left out, or cut: Rendered manifests. All of it: `perennial plan`\n")
