"""What comes with an import: the command line must not pay for what it does not use."""

import subprocess
import sys

import pytest

NUMERIC = {"numpy", "scipy", "polars", "sklearn", "pandas", "croniter"}


@pytest.mark.parametrize(
    ("modules", "unwanted"),
    [
        ("reconciler.rules.triggers, reconciler.rules.guards, reconciler.rules.gates, reconciler.rules.rollouts", NUMERIC),
        ("reconciler.cli.main", NUMERIC | {"pydantic", "jinja2", "yaml", "great_expectations", "dvc", "git"}),
    ],
    ids=["rules", "cli"],
)
def test_it_brings_nothing_heavy(modules: str, unwanted: set[str]) -> None:
    code = f"import sys, {modules}; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert unwanted.isdisjoint(found)
