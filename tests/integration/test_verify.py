"""The stage verify on a real package: what the gates ask for is measured, and nothing else."""

import json
from pathlib import Path

import pytest
import yaml

from reconciler.domain.evidence import NOT_MEASURED, Repeated
from reconciler.errors import ReconcilerError
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.evidence_json import VERIFICATION, read_evidence
from reconciler.pipeline.snapshot import snapshot
from reconciler.pipeline.train import train
from reconciler.pipeline.verifications.repeated import repeated
from reconciler.pipeline.verify import verify
from reconciler.wiring_runs import stage_context
from tests.teams import a_team

ASKS = {"type": "reproducibility"}
RESTLESS = """
import os
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer

def build(spec, seed):
    columns = make_column_transformer((SimpleImputer(), spec["features"]["numeric"]))
    return make_pipeline(columns, LogisticRegression(C=1 + os.urandom(1)[0] / 1000))
"""


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """One model whose gates ask for a second training."""
    root = a_team(tmp_path / "team", "alpha")
    policy = root / "policies/gates/standard.yaml"
    document = yaml.safe_load(policy.read_text())
    document["spec"]["gates"].append(ASKS)
    policy.write_text(yaml.safe_dump(document))
    return root


def trained(root: Path) -> StageContext:
    context = stage_context(str(root), "alpha")
    snapshot(context)
    train(context)
    return context


def edited(root: Path, **training: object) -> None:
    """The model with these changes of `spec.training`."""
    spec = root / "models/alpha/model.yaml"
    document = yaml.safe_load(spec.read_text())
    document["spec"]["training"] |= training
    spec.write_text(yaml.safe_dump(document))


def a_custom_training(root: Path, code: str) -> None:
    (root / "models/alpha/pipeline.py").write_text(code)
    edited(root, estimator="custom", parameters={})


def test_a_second_training_gives_the_same_bytes(team: Path) -> None:
    context = trained(team)
    assert verify(context) == "alpha: verified repeated"
    found = read_evidence({VERIFICATION: context.path(VERIFICATION).read_text()}).repeated
    assert isinstance(found, Repeated)
    assert found.first == found.second


def test_what_differs_between_two_runs_is_found(team: Path) -> None:
    a_custom_training(team, RESTLESS)
    found = repeated(trained(team))
    assert isinstance(found, Repeated)
    assert found.first != found.second


BY_HASH = "C=1 + hash('sunday') % 997"
BY_THREADS = "C=sum(pool['num_threads'] for pool in threadpool_info() if pool['user_api'] == 'openmp')"
SOMEHOW = RESTLESS.replace("import os", "from threadpoolctl import threadpool_info").replace(
    "C=1 + os.urandom(1)[0] / 1000", "{}"
)


@pytest.mark.parametrize(
    "way",
    [BY_HASH, pytest.param(BY_THREADS, marks=pytest.mark.slow), pytest.param("C=2", marks=pytest.mark.slow)],
    ids=["hash seeds", "threads", "nothing"],
)
def test_what_depends_on_hash_seeds_or_threads_is_found(team: Path, way: str) -> None:
    a_custom_training(team, SOMEHOW.replace("{}", way))
    found = repeated(trained(team))
    assert isinstance(found, Repeated)
    assert (found.first == found.second) == (way == "C=2")


def test_a_second_training_keeps_the_limits_of_a_run(team: Path) -> None:
    edited(team, limits={"memory": "32Mi"})
    with pytest.raises(ReconcilerError, match=r"the second training: used \d+ MiB of memory, 32 MiB are allowed"):
        repeated(trained(team))


def test_nothing_is_measured_that_nobody_asks_for(tmp_path: Path) -> None:
    context = stage_context(str(a_team(tmp_path / "team", "alpha")), "alpha")
    assert verify(context) == "alpha: verified nothing, because no gate asks for it"
    assert json.loads(context.path(VERIFICATION).read_text()) == {}
    assert repeated(context) == NOT_MEASURED
