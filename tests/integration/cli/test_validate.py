"""`perennial validate` and `perennial schema`, as people call them."""

from pathlib import Path

import pytest

from tests.builders import shipped_templates
from tests.commands import perennial
from tests.specs import ROOT

SERVICE = "templates/deployment/service.yaml.j2"
SETTINGS = "pyproject.toml"
MODEL = "models/flight-delay/model.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path, content in (shipped_templates() | {path: text.encode() for path, text in ROOT.items()}).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    return tmp_path


def test_a_valid_tree_is_counted(root):
    done = perennial(root, "validate")
    assert (done.code, done.out, done.err) == (0, "ok: 1 model, 1 dataset, 3 policies\n", "")
    assert perennial(root, "validate", "-o", "json").json == {"ok": True, "models": 1, "datasets": 1, "policies": 3}


def test_problems_are_listed_on_stderr_with_exit_code_3(root):
    (root / "params.yaml").write_text(ROOT["params.yaml"].replace("seed", "sead"))
    (root / "models/flight-delay/model.yaml").write_bytes(b"\xff")
    done = perennial(root, "validate")
    assert (done.code, done.out) == (3, "")
    first, second, *rest = done.err.splitlines()
    assert first == "models/flight-delay/model.yaml:1:1 byte 0xff is not UTF-8"
    assert second == 'params.yaml:5:5 models.flight-delay.sead: unknown key (did you mean "seed"?)'
    assert "2 problems in the specs" in rest[0]


def test_problems_are_json_on_request(root):
    (root / "params.yaml").write_text(ROOT["params.yaml"].replace("seed: 7", "seed: seven"))
    done = perennial(root, "validate", "-o", "json")
    (problem,) = done.json["error"]["problems"]
    assert done.code == 3
    assert (problem["file"], problem["line"], problem["column"], problem["field"]) == (
        *("params.yaml", 5, 11, "models.flight-delay.seed"),
    )


def test_schemas_are_written_once_and_then_current(tmp_path):
    assert perennial(tmp_path, "schema").code == 1
    assert perennial(tmp_path, "schema", "--write").out == "ok: 10 schemas, 10 written\n"
    assert perennial(tmp_path, "schema", "--check").out == "ok: 10 schemas\n"
    (tmp_path / "schemas/model.json").write_text("{}\n")
    assert "schemas/model.json" in perennial(tmp_path, "schema").err
    assert perennial(tmp_path, "schema", "--write", "-o", "json").json["written"] == ["schemas/model.json"]


def test_specs_settings_and_templates_are_reported_together_by_file(root):
    (root / "models/flight-delay/model.yaml").write_text(ROOT["models/flight-delay/model.yaml"].replace("binary", "guess"))
    (root / SERVICE).write_text("apiVersion: v1\nkind: Service\nmetadata: {name: {{ model | nothing }}}\n")
    (root / SETTINGS).write_text("[tool.perennial]\nforge = 7\n")
    done = perennial(root, "validate")
    assert done.code == 3
    first, second, third, *rest = done.err.splitlines()
    assert first.startswith("models/flight-delay/model.yaml:9:9 spec.task: ")
    assert second.startswith(f"{SETTINGS}:2:1 tool.perennial.forge: ")
    assert third == f"{SERVICE}:3:1 No filter named 'nothing'."
    assert rest == ["error: 3 problems in the specs", "  try: perennial validate"]
    told = perennial(root, "validate", "-o", "json").json["error"]
    assert [problem["file"] for problem in told["problems"]] == ["models/flight-delay/model.yaml", SETTINGS, SERVICE]


def test_two_environments_in_one_namespace_are_refused(root):
    (root / SETTINGS).write_text('[tool.perennial.environments.production]\nnamespace = "staging"\n')
    done = perennial(root, "validate")
    assert done.code == 3
    assert "staging and production are both namespace staging of https://kubernetes.default.svc" in done.err
    assert perennial(root, "render").code == 3


def test_the_doctor_finds_what_validation_finds(root):
    (root / SERVICE).write_text("{% if %}")
    found = {one["check"]: one for one in perennial(root, "doctor", "-o", "json").json["findings"]}
    assert found["specs"]["level"] == "bad"
    assert f"{SERVICE}:1:1" in found["specs"]["message"]
    (root / SERVICE).write_bytes(shipped_templates()[SERVICE])
    found = {one["check"]: one for one in perennial(root, "doctor", "-o", "json").json["findings"]}
    assert found["specs"] == {"check": "specs", "level": "good", "message": "valid: 1 model, 1 dataset, 3 policies", "remedy": ""}


def test_hostile_specs_do_not_steer_the_terminal(root):
    (root / "params.yaml").write_text('models: {"\\e[2J\\x9b\\u202e": 7}\n')
    (root / "models/flight-delay/model.yaml").write_bytes(b"kind: \x1b[2J\n")
    for command in ("validate", "doctor", "plan", "render"):
        for output in ("text", "json"):
            assert perennial(root, command, "-o", output).is_harmless


BROKEN = {
    "nothing": (MODEL, b""),
    "a null": (MODEL, b"\x00"),
    "an endless list": (MODEL, b"a: &a [*a]"),
    "brackets": (MODEL, b"[" * 2_000),
    "an object": (MODEL, b"!!python/object/apply:os.system [id]"),
    "a key twice": (MODEL, b"kind: Model\n" * 2),
    "a huge number": ("params.yaml", b"models: " + b"9" * 5_000),
    "half a table": (SETTINGS, b"[tool.perennial\n"),
    "another encoding": (SETTINGS, b"\xff\xfe"),
    "a template in another encoding": (SERVICE, b"\xff"),
    "a template of brackets": (SERVICE, b"{{ " + b"(" * 5_000),
}


@pytest.mark.parametrize("name", BROKEN)
def test_any_broken_file_is_a_problem_with_its_place_and_no_traceback(root, name):
    path, content = BROKEN[name]
    (root / path).write_bytes(content)
    done = perennial(root, "validate")
    assert done.code == 3
    assert done.is_harmless
    assert any(line.startswith(f"{path}:") for line in done.err.splitlines())


def test_a_link_that_leads_outside_is_not_followed(root, tmp_path_factory):
    secret = tmp_path_factory.mktemp("outside") / "secret.yaml"
    secret.write_text("password: hunter2")
    (root / "policies/gates/strict.yaml").unlink()
    (root / "policies/gates/strict.yaml").symlink_to(secret)
    done = perennial(root, "validate")
    assert done.code == 3
    assert "hunter2" not in done.err
