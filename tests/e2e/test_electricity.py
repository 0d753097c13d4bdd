"""On a real stream with concept drift the trigger retrains where the loss grew, and the answers are better for it."""

from pathlib import Path

import pytest

from benchmarks.electricity import prepare
from tests.commands import perennial

STREAM = Path(__file__).parents[3] / "shared/data/elec.csv"


@pytest.mark.slow
@pytest.mark.skipif(not STREAM.is_file(), reason="the stream of the electricity market is not given")
def test_concept_drift_retrains_where_the_loss_grew_and_it_pays(tmp_path: Path):
    repository = tmp_path / "repository"
    prepare(repository, STREAM)
    tried = ["--policy", "never", "--policy", "adwin"]
    answer = perennial(repository, "simulate", "electricity", "--between", "1996-09-01", "1997-02-01", *tried, "-o", "json")
    assert answer.code == 0, answer.err
    never, adwin = answer.json["policies"]
    why = [one["why"].removeprefix("conceptDrift: ").partition(" at ")[0].split() for one in adwin["trainings"][1:]]
    assert never["retrains"] == 0
    assert 2 <= adwin["retrains"] <= 15
    assert all(float(after) > float(before) for _, before, _, after in why)
    assert never["rows"] == adwin["rows"]
    assert adwin["metrics"]["accuracy"] > never["metrics"]["accuracy"] + 0.01
