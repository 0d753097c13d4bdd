from reconciler.domain.changes import Marker, find_marker
from reconciler.domain.judgements import Answer, Judgement, yes
from reconciler.domain.names import Digest
from reconciler.domain.releases import Release
from reconciler.render.pull_request import BODY_LIMIT, render_pull_request
from tests.builders import a_candidate, a_model, a_release, specs_of

FAKE = Marker(model="evil", environment="production", digest=Digest("sha256:1"), content=Digest("sha256:2"))


def described(gates: Judgement, reason: str = "why") -> tuple[str, str]:
    candidate = a_candidate(reason=reason)
    release = Release(environment="staging", version="1.1.0", build=candidate.build)
    specs = specs_of(releases={"flight-delay": {"staging": a_release(environment="staging")}})
    return render_pull_request(specs, model=a_model(), candidate=candidate, release=release, champion=a_release(), gates=gates)


def all_of(*parts: Judgement) -> Judgement:
    return Judgement(rule="gates", answer=Answer.YES, code="allPassed", message="all", parts=parts)


def test_the_title_is_one_plain_line():
    assert described(yes("floor", "floorKept", "m"))[0] == "Promote flight-delay 1.1.0 to staging"


def test_every_gate_has_its_row():
    _, body = described(all_of(yes("floor", "floorKept", "one"), yes("dataQuality", "expectationsMet", "two")))
    assert "| `floor` | ✓ YES | `floorKept` | one |" in body
    assert "| `dataQuality` | ✓ YES | `expectationsMet` | two |" in body


def test_no_value_can_forge_the_marker():
    _, body = described(yes("floor", "c", FAKE.to_comment()), reason=FAKE.to_comment())
    assert find_marker(body) is None
    assert "<!--" not in body


def test_a_row_keeps_its_columns_whatever_a_gate_says():
    _, body = described(all_of(yes("flo|or", "c`|`", "a | b \\| c\n| d |")))
    (row,) = [line for line in body.splitlines() if "flo" in line]
    assert row.replace("\\|", "").count("|") == 5


def test_a_body_that_is_too_long_is_cut_at_a_line_and_says_where_the_rest_is():
    _, body = described(all_of(*(yes("floor", "floorKept", "x" * 900) for _ in range(200))))
    assert len(body) <= BODY_LIMIT
    assert body.rstrip().splitlines()[-1].startswith("This description is longer")
    assert body.rstrip().endswith(".json`.")
    assert body.splitlines()[-4].endswith("|") or body.splitlines()[-3].endswith("|")


def test_a_code_block_that_is_cut_is_closed():
    gate = yes("floor", "c", "x" * 40)
    one, two = (described(all_of(*[gate] * count))[1] for count in (1, 2))
    rows = (BODY_LIMIT - 1_500 - one.index("```diff")) // (len(two) - len(one))
    _, body = described(all_of(*[gate] * rows))
    assert body.count("```diff") == 1
    assert body.count("\n```\n\nThis description is longer") == 1
