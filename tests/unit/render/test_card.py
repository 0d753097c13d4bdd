"""The model card, the gate report and the release file: what a merge brings beside the pull request."""

import json
from dataclasses import replace

import pytest
import yaml
from markdown_it import MarkdownIt

from reconciler.domain.evidence import Quality
from reconciler.domain.judgements import Judgement, no, yes
from reconciler.domain.known import Missing
from reconciler.errors import InvalidSpecsError
from reconciler.pipeline.build_json import read_evidence_build
from reconciler.render.card import render_card
from reconciler.render.evidence import render_evidence
from reconciler.render.release import release_yaml
from reconciler.specs.load import read_document
from reconciler.specs.places import place_of
from tests.builders import (
    a_candidate,
    a_model,
    a_release,
    a_review,
    evidence,
    first_evidence,
    shipped_templates,
    specs_of,
)
from tests.cases import each
from tests.commands import STEERING

GATES = yes("floor", "floorKept", "rocAuc 0.72, at least 0.65 wanted")
HOSTILE = "| a |\n# big <!-- x --> [y](javascript:z) \x1b[2J\u202e {{ 7 * 7 }}"
HTML = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def card(candidate=None, model=None, gates: Judgement = GATES, **changes) -> str:
    return render_card(a_review(candidate=candidate, model=model or a_model(), gates=gates, specs=specs_of(**changes)))


def hostile_model():
    model = a_model()
    return model.model_copy(update={"metadata": model.metadata.model_copy(update={"description": HOSTILE, "owner": HOSTILE})})


def test_the_card_names_what_runs_and_where_its_numbers_are():
    text = card()
    digest = a_candidate().build.digest
    assert text.startswith("# flight-delay 1.1.0\n")
    assert f"| digest | `{digest}` |" in text
    assert f"`models/flight-delay/evidence/{digest.removeprefix('sha256:')}.json`" in text
    assert "| `rocAuc` | 0.72 | 0.71 to 0.73 | 10,000 |" in text
    assert "| `distance` | number | from 0 |  |" in text
    assert "| `carrier` | category |  |  |" in text


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"metrics": Missing(code="c", why="no evaluation.json")}, "The metrics are missing: no evaluation.json."),
        ({"quality": Quality(evaluated=3, failures=("one", "two"))}, "3 expectations of the dataset were evaluated, 2 failed."),
        ({"quality": Missing(code="c", why="not run")}, "The quality of the data is unknown: not run."),
    ],
    ids=["no metrics", "poor data", "unknown data"],
)
def test_what_is_poor_or_missing_stands_on_the_card(changes, note):
    assert f"- {note}\n" in card(a_candidate(evidence=first_evidence(**changes)))


def test_a_card_without_metrics_has_no_empty_table():
    text = card(a_candidate(evidence=first_evidence(metrics=Missing(code="c", why="no"))))
    assert "| metric |" not in text


def test_a_model_whose_dataset_is_gone_still_has_a_card():
    text = card(datasets={})
    assert "| label |" not in text
    assert text.startswith("# flight-delay 1.1.0\n")


def test_nothing_that_people_wrote_becomes_markup():
    text = card(
        a_candidate(evidence=evidence(quality=Missing(code="c", why=HOSTILE))), hostile_model(), no(HOSTILE, "c", HOSTILE)
    )
    tokens = HTML.parse(text)
    assert not STEERING & set(text)
    assert not any(child.type.startswith("html") for token in tokens for child in (token, *(token.children or ())))
    assert [token.tag for token in tokens if token.type == "heading_open"] == ["h1", *["h2"] * 8]
    assert not any(child.type == "link_open" for token in tokens for child in token.children or ())
    assert "49" not in text


def test_a_card_template_that_is_gone_or_broken_is_a_problem_of_that_file():
    path = "templates/card.md.j2"
    gone = {name: content for name, content in shipped_templates().items() if name != path}
    for files in (gone, gone | {path: b"\n{{ nothing }}"}):
        with pytest.raises(InvalidSpecsError) as caught:
            card(files=files)
        assert caught.value.problems[0].file == path


def test_the_gate_report_holds_all_numbers_and_is_read_back():
    candidate, champion = a_candidate(), a_release()
    review = a_review(candidate=candidate, gates=GATES)
    text = render_evidence(review)
    report = json.loads(text)
    assert report["digest"] == candidate.build.digest
    assert report["champion"] == {"digest": champion.digest, "version": "1.0.0"}
    assert report["measured"]["metrics"]["rocAuc"] == {"high": 0.73, "low": 0.71, "rows": 10_000, "value": 0.72}
    assert report["gates"]["answer"] == "YES"
    assert read_evidence_build(text) == candidate.build
    assert report["verdict"] == "BLESSED"
    assert text == render_evidence(review)


def test_a_first_report_has_no_champion_and_numbers_that_are_none_are_words():
    odd = replace(evidence().metrics["rocAuc"], value=float("nan"), low=float("-inf"), high=float("inf"))
    candidate = a_candidate(evidence=first_evidence(metrics={"rocAuc": odd}))
    report = json.loads(render_evidence(a_review(candidate=candidate, champion=None)))
    assert report["verdict"] == "NO_BASELINE"
    assert report["champion"] is None
    assert report["measured"]["comparison"] == {"type": "noBaseline"}
    assert report["measured"]["metrics"]["rocAuc"] == {"value": "NaN", "low": "-Infinity", "high": "Infinity", "rows": 10_000}


def test_a_report_is_ascii_whatever_a_gate_says():
    assert render_evidence(a_review(gates=no("floor", "c", HOSTILE))).isascii()


def test_a_release_file_is_what_the_loader_reads():
    release = a_release(environment="staging", version="2.10.3")
    path = "models/flight-delay/releases/staging.yaml"
    place = place_of(path)
    assert place is not None
    assert read_document(place, release_yaml(release).encode()).spec.release() == release


def test_a_release_file_holds_no_anchors_and_every_digest_once_per_line():
    text = release_yaml(a_release())
    assert "&" not in text
    assert "*" not in text
    assert all(len(line) < 200 for line in text.splitlines())
    assert list(yaml.safe_load(text)) == ["apiVersion", "kind", "metadata", "spec"]


@each("version", ["1.0", "v1.0.0", "1.0.0\nkind: Role", ""])
def test_a_version_that_could_not_be_loaded_is_not_written(version):
    with pytest.raises(ValueError, match="version"):
        release_yaml(a_release(version=version))
