"""`perennial render` of a tree of specs: what is shown and written, and what is refused."""

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from reconciler.cli.main import cli
from reconciler.errors import InvalidSpecsError, ReconcilerError, UnprovenError
from reconciler.render.release import release_yaml
from reconciler.specs.policies import GatePolicy, RetrainPolicy, RolloutPolicy
from tests.builders import a_dataset, a_model, a_policy, a_release, shipped_templates
from tests.proofs import proof_files

SPECS = {
    "models/flight-delay/model.yaml": a_model(),
    "datasets/flights.yaml": a_dataset(),
    "policies/retrain/standard.yaml": a_policy(RetrainPolicy),
    "policies/gates/standard.yaml": a_policy(GatePolicy),
    "policies/rollout/direct.yaml": a_policy(RolloutPolicy, "direct"),
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    texts = {
        path: yaml.safe_dump(spec.model_dump(mode="json", by_alias=True, exclude_unset=True)) for path, spec in SPECS.items()
    }
    texts["models/flight-delay/releases/production.yaml"] = release_yaml(a_release())
    files = shipped_templates() | proof_files(a_release()) | {path: text.encode() for path, text in texts.items()}
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    return tmp_path


def run(repository: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--repo", str(repository), "render", *arguments], catch_exceptions=True)


def test_every_environment_is_shown(repository):
    result = run(repository)
    assert result.exit_code == 0, result.output
    assert "==> production/manifests/flight-delay/deployment.yaml\n" in result.output
    assert "==> staging/application.yaml\n" in result.output


def test_json_holds_every_file_of_the_chosen_environment(repository):
    rendered = json.loads(run(repository, "--environment", "production", "-o", "json").output)["environments"]
    assert list(rendered) == ["production"]
    assert yaml.safe_load(rendered["production"]["manifests/flight-delay/service.yaml"])["kind"] == "Service"


def test_files_are_written_and_stale_ones_removed(repository, tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    assert "14 written, 0 removed." in run(repository, "--out", str(out)).output
    (repository / "models/flight-delay/releases/production.yaml").unlink()
    changed = json.loads(run(repository, "--out", str(out), "-o", "json").output)
    kinds = ("configmap", "deployment", "networkpolicy", "poddisruptionbudget", "service")
    assert changed["removed"] == [f"production/manifests/flight-delay/{kind}.yaml" for kind in kinds]
    assert (out / "production/manifests/.gitkeep").is_file()


def test_a_release_that_its_files_do_not_prove_is_refused_before_anything_is_written(repository, tmp_path):
    path = next((repository / "models/flight-delay/evidence").glob("*.provenance.json"))
    path.write_text(path.read_text().replace("@v1.0.0", "@v1.0.1"))
    error = run(repository, "--out", str(tmp_path / "out")).exception
    assert isinstance(error, UnprovenError)
    assert "flight-delay in production: statement: " in error.message
    assert error.message.endswith("says version 1.0.1, the release file 1.0.0")
    assert not (tmp_path / "out").exists()
    assert run(repository, "--environment", "staging").exit_code == 0


def test_an_unknown_environment_is_refused_with_the_known_ones(repository):
    error = run(repository, "--environment", "moon").exception
    assert isinstance(error, ReconcilerError)
    assert str(error) == "no model names the environment moon; there are production, staging"


def test_a_broken_template_is_reported_with_its_line(repository):
    (repository / "templates/deployment/service.yaml.j2").write_text("a: 1\nb: {{ missing }}\n")
    error = run(repository).exception
    assert isinstance(error, InvalidSpecsError)
    assert str(error.problems[0]) == "templates/deployment/service.yaml.j2:2:1 'missing' is undefined"


def checked(repository: Path, **files: bytes) -> Result:
    folder = repository / "crds"
    folder.mkdir()
    for name, content in files.items():
        (folder / f"{name}.yaml").write_bytes(content)
    return run(repository, "--crds", str(folder), "--environment", "production")


def test_custom_kinds_are_checked_by_the_definitions_of_a_folder(repository):
    kinds = [{"kind": "CustomResourceDefinition", "spec": {"group": "g", "names": {"kind": "K"}, "versions": []}}]
    error = checked(repository, all=yaml.safe_dump({"kind": "List", "items": kinds}).encode()).exception
    assert isinstance(error, InvalidSpecsError)
    assert [problem.file for problem in error.problems] == [
        f"rendered production/{kind}.yaml" for kind in ("application", "applicationset", "project")
    ]
    assert "no definition of AppProject in argoproj.io/v1alpha1 was given" in error.problems[-1].message
    assert error.message == "3 problems in what is rendered"


def test_what_is_right_is_said_to_be_so_beside_the_manifests(repository):
    spec = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version = {"name": "v1alpha1", "served": True, "schema": {"openAPIV3Schema": spec}}
    kinds = [
        {"kind": "CustomResourceDefinition", "spec": {"group": "argoproj.io", "names": {"kind": kind}, "versions": [version]}}
        for kind in ("Application", "ApplicationSet", "AppProject")
    ]
    result = checked(repository, all=yaml.safe_dump_all(kinds).encode())
    assert result.stderr == f"custom kinds agree with the definitions in {repository / 'crds'}\n"
    assert "==> production/project.yaml\n" in result.stdout


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "crds holds no *.yaml"),
        ({"a": b"kind: Application\n\xff"}, "1 problem in the definitions"),
        ({"a": b"kind: Application\n a: ["}, "1 problem in the definitions"),
    ],
)
def test_definitions_that_cannot_be_read_are_told(repository, files, said):
    error = checked(repository, **files).exception
    assert isinstance(error, ReconcilerError)
    assert error.message.endswith(said)
    assert error.help.startswith("kubectl get crd -o yaml")
