"""What people changed since the live release, and how the release came to be, as a reviewer sees it."""

from dataclasses import replace

from reconciler.render.changes import spec_difference
from reconciler.render.lineage import lineage_graph, plain
from reconciler.render.rows import environment_rows
from tests.builders import a_model, a_release, a_review, specs_of
from tests.reviews import a_full_review

MODEL, POLICY = "models/flight-delay/model.yaml", "policies/gates/standard.yaml"


def a_change(before: dict[str, str], now: dict[str, str]):
    specs = specs_of()
    files = dict(specs.files) | {path: text.encode() for path, text in now.items()}
    return spec_difference(a_review(specs=replace(specs, files=files), wanted=before))


def test_changed_lines_are_shown_file_by_file_with_what_is_around_them():
    before = {MODEL: "a: 1\nb: 2\nc: 3\nd: 4\n", POLICY: "gates: []\n"}
    assert a_change(before, {MODEL: "a: 1\nb: 2\nc: 3\nd: 5\n", POLICY: "gates: []\n"}).splitlines() == [
        f"--- {MODEL}",
        f"+++ {MODEL}",
        "@@ -2,3 +2,3 @@",
        " b: 2",
        " c: 3",
        "-d: 4",
        "+d: 5",
    ]


def test_files_that_came_or_went_are_shown_whole():
    assert a_change({POLICY: "gates: []\n"}, {MODEL: "a: 1\n"}).splitlines() == [
        f"--- {MODEL}",
        f"+++ {MODEL}",
        "@@ -0,0 +1 @@",
        "+a: 1",
        f"--- {POLICY}",
        f"+++ {POLICY}",
        "@@ -1 +0,0 @@",
        "-gates: []",
    ]


def test_nothing_is_shown_when_nothing_changed_or_nothing_is_live():
    assert a_change({MODEL: "a: 1\n"}, {MODEL: "a: 1\n"}) == ""
    assert a_change({}, {MODEL: "a: 1\n"}) == ""


def test_the_way_of_a_release_is_drawn_to_the_environment_that_is_asked_for():
    lines = lineage_graph(a_full_review()).splitlines()
    assert lines[0] == "flowchart LR"
    assert '  train --> release(["flight-delay 1.1.0<br/>0c87bc8a0d04"])' in lines
    assert lines[-2:] == ['  release ==> env0["staging"]', '  env0 -.-> env1["production"]']


def test_nothing_in_a_label_is_syntax():
    assert plain('a"]; click b "javascript:x" <b> %% #quot; {c} |d| `e`') == "a_ click b _javascript:x_ _b_ _ _quot_ _c_ _d_ _e_"
    hostile = a_review(model=a_model(environments=["staging", "production"]))
    assert all(line.count('"') % 2 == 0 for line in lineage_graph(hostile).splitlines())


def test_only_the_environment_that_is_asked_for_changes():
    specs = specs_of(releases={"flight-delay": {"production": a_release()}})
    assert environment_rows(a_review(specs=specs)) == [
        {"environment": "staging", "now": "none", "after": "1.1.0", "changes": "yes"},
        {"environment": "production", "now": "1.0.0", "after": "1.0.0", "changes": ""},
    ]
