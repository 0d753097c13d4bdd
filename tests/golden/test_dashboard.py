"""The very text of the dashboard, of an answer and of a check's summary, hostile values and all."""

from reconciler.domain.decisions import Hold
from reconciler.domain.judgements import Answer, Judgement, no, unknown, yes
from reconciler.domain.notices import LONGEST_BODY
from reconciler.render.answer import addressed, explanation
from reconciler.render.check import check_summary
from reconciler.render.dashboard import Concern, Line, render_dashboard

EVIL = (
    "<script>alert(1)</script> @everyone #1 ${{ github.token }} `x` | --> [a](http://b) \x1b[31m\u202e {{ 7*7 }}\n## Fresh (99)"
)
GATES = Judgement(
    rule="gates",
    answer=Answer.NO,
    code="gateFailed",
    message="1 of 3 say NO: dataQuality",
    parts=(
        no("dataQuality", "expectationsFailed", f"1 of 12 expectations failed: {EVIL}"),
        yes("beatsLive", "noBaseline", "no release is live, so there is nothing to beat"),
        unknown("floor", "notMeasured", "rocAuc was not measured", remedy="train it again"),
    ),
)


def a_line(model: str, concern: Concern, **changes: object) -> Line:
    values = {"team": "operations", "runs": [("production", "1.1.0")], "code": "fresh", "message": "no trigger fires"}
    return Line(**{"model": model, "concern": concern, **values, **changes})  # type: ignore[arg-type]


LINES = [
    a_line("busy-departure", Concern.FRESH),
    a_line("arrival-delay", Concern.FRESH, team="", runs=[]),
    a_line(
        "flight-delay",
        Concern.REVIEW,
        runs=[("staging", "1.2.0"), ("production", "1.1.0")],
        code="changeOpen",
        message="pull request #7 waits for a merge into production",
        pulls=[7],
        turn="tier high needs the approval of ada or bob; nobody approved yet",
    ),
    a_line("turnaround", Concern.WAITS, code="guarded", message="due (newLabels: 25,000 new labels), but cooldown says NO"),
    a_line("taxi-time", Concern.HELD, code="held", message=f"held by eve: {EVIL}", turn=EVIL),
    a_line("gate-change", Concern.PERSON, team=EVIL, code="changeEdited", message="people pushed", pulls=[8, 9], turn="eve"),
]


def test_the_dashboard_is_as_expected(golden):
    golden("dashboard/fleet", {"dashboard.md": render_dashboard(LINES), "empty.md": render_dashboard([])})


def test_answers_and_checks_are_as_expected(golden):
    decision = Hold(model="flight-delay", code="guarded", message=f"due, but {EVIL}", judgements=(GATES,))
    golden("dashboard/answers", {"answer.md": addressed("eve", explanation(decision)), "check.md": check_summary(GATES)})


def test_a_dashboard_of_thousands_fits_and_loses_the_fresh_first():
    crowd = [a_line(f"m{number}", Concern.FRESH, message="x" * 200) for number in range(3000)]
    body = render_dashboard([*LINES, *crowd])
    assert len(body) <= LONGEST_BODY
    assert "## Needs a person (1)" in body
    assert "**3006 models**: 1 needs a person" in body
    assert "Left out, or cut: Fresh (3002)" in body
