"""The verdict in words, in numbers and in small bars."""

import json
from dataclasses import replace

import pytest

from reconciler.domain.live import Separation
from reconciler.domain.needs import Slice
from reconciler.domain.verdicts import Remedy
from reconciler.observe.asked import WEEK, evidence_of
from reconciler.report.drift_html import drift_page
from reconciler.report.drift_json import drift_json
from reconciler.report.drift_text import REMEDIES, drift_text
from reconciler.statistics.drift import DRIFT_STATISTICS
from reconciler.statistics.verdict import verdict
from tests.builders import NOW, facts
from tests.commands import STEERING
from tests.unit.report.views import HOSTILE, a_verdict, seen, the_model, with_live


def lines(told, width=140):
    return [" ".join(one.split()) for one in drift_text(told, width=width).splitlines()]


def test_the_remedy_stands_first_and_then_what_was_seen():
    told = lines(a_verdict())
    assert told[0] == "flight-delay conceptDrift, dataDrift, predictionDrift"
    assert told[1] == "4,000 rows of the last 7d, 4,000 in the reference"
    assert told[2] == "→ retrain what happens no longer follows from the features as the model learnt it"
    assert told[3].startswith("! conceptDrift the loss (brier) went from 0.18 to 0.24, sudden, of 9,000 rows before")


def test_features_are_ranked_and_drifted_ones_marked():
    told = lines(a_verdict())
    start = told.index("features: 2 of 3 drifted by psi, by effect times importance")
    assert told[start + 1] == "psi ks missingRate effect attention shares"
    assert [one.split()[0] for one in told[start + 2 : start + 8]] == ["●", "now", "●", "now", "hour", "now"]
    assert told[start + 2].startswith("● distance 0.598 0.316 0.000 0.32 55% ref ▃▃▃▃▃▃▃▃▃▃")
    assert told[start + 3] == "now ▁▁▂▂▂▂▃▃▅█"


def test_predictions_and_labels_come_after_the_features():
    told = lines(a_verdict())
    assert told.index("predictions: 1 of 1 drifted by psi, by effect") < told.index("labels: 0 of 1 drifted by psi, by effect")


def test_without_importance_there_is_no_column_for_it():
    told = lines(a_verdict(with_live(seen(), importance={})))
    assert "features: 2 of 3 drifted by psi, by effect" in told
    assert not any("attention" in one for one in told if "shares" in one)
    assert "? importance: nobody measured how much attention the model pays to each feature" in told


def test_what_is_unknown_is_said():
    told = lines(a_verdict(facts()))
    assert told[0] == "flight-delay no drift seen"
    assert told[2] == "→ watch nothing was seen, but 9 things could not be looked at"
    assert sum(one.startswith("? ") for one in told) == 9


def test_how_well_rows_are_told_apart_has_a_line_where_it_was_asked():
    found = Separation(auc=0.534, p_value=0.2, reference_rows=900, rows=800)
    told = replace(a_verdict(), separation=found)
    assert lines(told)[2] == "told apart: AUC 0.53 by a small model of all features together"
    assert '<p class="soft">told apart: AUC 0.53 by a small model' in drift_page(told)
    assert json.loads(drift_json(told))["verdict"]["separation"] == {
        "auc": 0.534,
        "pValue": 0.2,
        "referenceRows": 900,
        "rows": 800,
    }
    assert not any("told apart" in one for one in (*lines(a_verdict()), drift_page(a_verdict())))


def test_a_slice_is_named():
    part = Slice(column="carrier", value="UA")
    told = lines(verdict(evidence_of(seen(), the_model(), NOW, WEEK, part)))
    assert told[1] == "0 rows where carrier is UA of the last 7d, 0 in the windows before"


@pytest.mark.parametrize("width", [80, 120])
def test_it_fits_a_terminal(width):
    text = drift_text(a_verdict(), width=width)
    assert max(len(one) for one in text.splitlines()) <= width
    assert "distance  0.598" in text


def test_hostile_names_stay_names():
    told = a_verdict(seen(names={"distance": HOSTILE}))
    assert not STEERING & set(drift_text(told))
    assert drift_json(told).isascii()


def test_json_has_all_statistics_and_bins():
    value = json.loads(drift_json(a_verdict()))
    assert (value["kinds"], value["remedy"]) == (["conceptDrift", "dataDrift", "predictionDrift"], "retrain")
    feature = value["verdict"]["features"][0]
    assert set(feature["readings"]) == set(DRIFT_STATISTICS)
    assert set(feature["readings"]["psi"]) == {"value", "pValue", "cut", "drifted"}
    assert feature["bins"][0]["label"].startswith("up to ")
    assert {"mean", "std", "p50", "missing"} <= set(feature["deltas"])
    assert value["verdict"]["window"] == 604_800.0


def test_every_remedy_has_words():
    assert set(REMEDIES) == set(Remedy)
