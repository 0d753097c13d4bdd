"""Which models are due: in words, for programs, and as the outputs of a step."""

import json
from dataclasses import replace

from reconciler.domain.decisions import Decision, Hold, Promote
from reconciler.domain.names import Digest
from reconciler.domain.steps import Close, Publish, Step
from reconciler.plan.plan import Plan
from reconciler.report.due import MOST_JOBS, due_json, due_models, due_outputs, due_text
from reconciler.report.plan_markdown import plan_markdown
from tests.builders import NOW, a_revision

HOLD = Hold(model="alpha", code="fresh", message="no trigger fires")
DIGEST = Digest("sha256:" + "a" * 64)
PROMOTE = Promote(model="zebra", environment="staging", digest=DIGEST, code="gatesPassed", message="all 3 gates say YES")
CLOSE = Close(model="zebra", number=3, comment="c")
PUBLISH = Publish(environment="production", branch="env/production", replaces=None, files={"README.md": ""}, message="Render")


def a_plan(*decisions: Decision, steps: tuple[Step, ...] = ()) -> Plan:
    return Plan(revision=a_revision(), at=NOW, decisions=decisions, steps=steps)


def test_due_is_what_has_a_step_of_its_own() -> None:
    plan = a_plan(HOLD, PROMOTE, steps=(PUBLISH, CLOSE))

    assert [(due.model, due.steps) for due in due_models(plan)] == [("zebra", 1)]
    assert due_text(plan) == "zebra  promote aaaaaaaaaaaa to staging: all 3 gates say YES"
    assert json.loads(due_json(plan))["due"][0]["code"] == "gatesPassed"
    assert due_outputs(plan) == 'models=["zebra"]\nany=true\n'


def test_nothing_may_be_due() -> None:
    plan = a_plan(HOLD, steps=(PUBLISH,))

    assert due_text(plan) == "nothing is due"
    assert due_outputs(plan) == "models=[]\nany=false\n"


def test_a_matrix_has_only_so_many_jobs() -> None:
    names = [f"m{number}" for number in range(MOST_JOBS + 5)]
    plan = a_plan(*(replace(HOLD, model=name) for name in names), steps=tuple(replace(CLOSE, model=name) for name in names))

    models, any_is = due_outputs(plan).splitlines()
    assert json.loads(models.removeprefix("models=")) == names[:MOST_JOBS]
    assert any_is == "any=true"


def test_a_plan_as_a_comment_has_the_decisions_the_steps_and_the_effect() -> None:
    text = plan_markdown(a_plan(HOLD, PROMOTE, steps=(PUBLISH, CLOSE)), "--- a\n+++ a\n-1\n+2")

    assert "| zebra | PROMOTE aaaaaaaaaaaa to staging | gatesPassed | all 3 gates say YES |" in text
    assert text.index("## `zebra`") < text.index("## Environments") < text.index("```diff\n--- a")
    assert "## `alpha`" not in text, "what holds is in the table"
    assert plan_markdown(a_plan(), "").endswith("They stay as they are.\n")
    assert "There is no model yet." in plan_markdown(a_plan(), "")
    assert "cannot be told" in plan_markdown(a_plan(), None)


def test_nothing_in_a_plan_breaks_the_comment() -> None:
    hostile = "a | b\n## c\n<!-- perennial:plan --> <details> ```\n@boss [x](http://y) ${{ github.token }} {{ 7*7 }}"
    text = plan_markdown(a_plan(replace(HOLD, message=hostile), PROMOTE, steps=(CLOSE,)), f"+{hostile}\n+````")

    (row,) = [line for line in text.splitlines() if line.startswith("| alpha")]
    assert row.count("|") - row.count("\\|") == 5
    assert "@boss" not in row
    assert "<!--" not in row
    assert "\\[x\\](" in row
    headings = [line for line in text.split("```")[0].splitlines() if line.startswith("#")]
    assert headings == ["## Perennial plan", "## `zebra`", "## Rendered manifests"]
    fence = text.split("## Rendered manifests\n\n")[1].split("diff")[0]
    assert fence == "`" * 5
