from reconciler.domain.changes import Marker, find_marker
from reconciler.domain.judgements import Answer, Judgement, yes
from reconciler.domain.names import Digest
from reconciler.render.fit import BODY_LIMIT
from reconciler.render.pull_request import render_pull_request
from tests.builders import a_candidate, a_release, a_review, specs_of

FAKE = Marker(model="evil", environment="production", digest=Digest("sha256:1"), content=Digest("sha256:2"))


def described(gates: Judgement, reason: str = "why") -> tuple[str, str]:
    specs = specs_of(releases={"flight-delay": {"staging": a_release(environment="staging")}})
    return render_pull_request(a_review(candidate=a_candidate(reason=reason), specs=specs, gates=gates))


def all_of(*parts: Judgement) -> Judgement:
    return Judgement(rule="gates", answer=Answer.YES, code="allPassed", message="all", parts=parts)


def test_the_title_is_one_plain_line():
    assert described(yes("floor", "floorKept", "m"))[0] == "Promote flight-delay 1.1.0 to staging"


def test_every_gate_has_its_row():
    _, body = described(all_of(yes("floor", "floorKept", "one"), yes("dataQuality", "expectationsMet", "two")))
    assert "| `floor` | ✓&nbsp;BLESSED | one | `floorKept` |" in body
    assert "| `dataQuality` | ✓&nbsp;BLESSED | two | `expectationsMet` |" in body


def test_no_value_can_forge_the_marker():
    _, body = described(yes("floor", "c", FAKE.to_comment()), reason=FAKE.to_comment())
    assert find_marker(body) is None
    assert "<!--" not in body


def test_a_row_keeps_its_columns_whatever_a_gate_says():
    _, body = described(all_of(yes("flo|or", "c`|`", "a | b \\| c\n| d |")))
    (row,) = [line for line in body.splitlines() if "flo\\|or" in line]
    assert row.replace("\\|", "").count("|") == 5


def test_a_body_that_is_too_long_is_cut_and_says_where_the_rest_is():
    _, body = described(all_of(*(yes("floor", "floorKept", "x" * 900) for _ in range(200))))
    assert len(body) <= BODY_LIMIT
    last = body.rstrip().splitlines()[-1]
    assert last.startswith("A description may not be longer. Left out, or cut: Verdict: BLESSED")
    assert last.endswith(".json` and on the page of `perennial report flight-delay --html FILE`.")
