"""A real training's package is published before its pull request; what the rendered manifests tell a pod brings it there."""

import json
from pathlib import Path

import pytest
import yaml

from reconciler.pipeline.artifact import MANIFEST, packaged_files
from tests.registry import LOGIN, a_registry
from tests.repositories import git
from tests.teams import a_team, commit, perennial

AS_OF = ("--as-of", "2013-04-01")


@pytest.mark.slow
def test_trained_published_merged_and_fetched_by_a_pod(tmp_path: Path) -> None:
    root = a_team(tmp_path / "team", "alpha")
    with a_registry() as registry:
        registry.lets_in = "bearer"
        (root / "pyproject.toml").write_text(f'[tool.perennial]\npackages = "{registry.base}"\n')
        commit(root, "Publish packages")
        refused = perennial(root, "reconcile", *AS_OF)
        assert (refused.returncode, json.loads(perennial(root, "pr", "list", "-o", "json").stdout)) == (0, [])
        assert "is not proposed: " in perennial(root, "plan", *AS_OF).stdout
        again = perennial(root, "reconcile", *AS_OF, "--until-settled", **LOGIN)
        assert (again.returncode, again.stderr) == (0, "")
        assert "published to oci://" in again.stdout
        assert perennial(root, "pr", "merge", "1", *AS_OF, **LOGIN).returncode == 0
        reference = yaml.safe_load(git(root, "show", "env/staging:manifests/alpha/configmap.yaml"))["data"]
        mounted = tmp_path / "release"
        mounted.mkdir()
        for key, text in reference.items():
            (mounted / key).write_text(text)
        fetched = perennial(tmp_path, "packages", "fetch", str(mounted), str(tmp_path / "models"), **LOGIN)
        assert (fetched.returncode, fetched.stderr) == (0, "")
    content = (tmp_path / "models/model.perennial").read_bytes()
    assert MANIFEST in packaged_files(content, "what the pod has"), "each file in it as its own manifest lists it"
