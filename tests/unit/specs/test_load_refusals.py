"""Whole repositories that are wrong: every file is told, nothing hides anything, and odd files do not stop the reading."""

import pytest

from reconciler.specs.load import load_specs, read_document
from reconciler.specs.places import Place
from reconciler.specs.syntax import MAX_BYTES
from tests.cases import each
from tests.specs import ROOT, a_release_document, a_repository, as_text, edited, problems

MODEL = "models/flight-delay/model.yaml"
HOLD = "models/flight-delay/hold.yaml"
QUARANTINE = "models/flight-delay/quarantine.yaml"
RELEASES = "models/flight-delay/releases"
FRAME = "apiVersion: perennial/v1\nmetadata: {name: flight-delay}\n"


@pytest.mark.parametrize("path", sorted(path for path in ROOT if path.endswith(".yaml")))
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"\x00", "U+0000"),
        (b"[1, 2]\n", "expected `key: value` lines"),
        (b"a: &a [*a]\n", "anchored itself"),
        (b"x" * (MAX_BYTES + 1), "are allowed"),
        (b"a: b: c\n", "a second `: `"),
    ],
    ids=["empty", "no UTF-8", "a zero byte", "a list", "endless", "too large", "malformed"],
)
def test_a_file_of_any_kind_that_cannot_be_read_is_told_with_its_name(path, content, said):
    told = problems(a_repository() | {path: content})
    assert any(one.startswith(f"{path}:1:") and said in one for one in told), told


@each("path", sorted(path for path in ROOT if path.endswith(".yaml") and path != "params.yaml"))
@each("kind", ["Deployment", "", "model", None, 5, ["Model"], {"a": 1}])
def test_a_kind_that_is_not_that_of_the_place_is_told_once(path, kind):
    lines = [line for line in ROOT[path].splitlines() if not line.startswith("kind:")]
    told = problems(a_repository(**{path: f"kind: {as_text(kind)}\n" + "\n".join(lines)}))
    assert len([one for one in told if one.startswith(path) and " kind: expected " in one]) == 1


@each("missing", sorted(path for path in ROOT if path.startswith(("policies/", "datasets/flights.yaml", "datasets/flights.py"))))
def test_a_file_that_others_need_is_missed_by_them(missing):
    told = problems(a_repository(**{missing: None}))
    assert told
    assert all(missing in one for one in told)


@pytest.mark.parametrize("missing", ["params.yaml", "pyproject.toml"])
def test_a_file_with_defaults_may_be_missing(missing):
    assert list(load_specs(a_repository(**{missing: None})).models) == ["flight-delay"]


def test_a_model_that_is_gone_leaves_its_parameters_and_files_behind():
    files = a_repository(**{MODEL: None, HOLD: f"{FRAME}kind: Hold\nspec: {{reason: a, owner: b}}\n"})
    told = problems(files)
    assert len(told) == 2
    assert all("there is no models/flight-delay/model.yaml" in one for one in told)


def test_problems_are_sorted_by_file_and_line():
    files = edited(MODEL, "task: binary", "task: binery") | {"datasets/flights.yaml": b"a: [\n"}
    files["policies/gates/strict.yaml"] = b"x: 1\ny: 2\n"
    told = problems(files)
    assert told == sorted(told, key=lambda one: (one.split(":")[0], int(one.split(":")[1])))


@each(
    ("path", "spec", "field"),
    [
        (HOLD, "kind: Hold\nspec: {owner: ann}\n", "spec.reason"),
        (HOLD, "kind: Hold\nspec: {reason: audit}\n", "spec.owner"),
        (HOLD, "kind: Hold\nspec: {reason: audit, owner: ann, until: tomorrow}\n", "spec.until"),
        (HOLD, "kind: Hold\nspec: {reason: audit, owner: ann, until: 2013-02-30}\n", "spec.until"),
        (QUARANTINE, "kind: Quarantine\nspec: {digests: [{digest: abc, reason: bad}]}\n", "spec.digests[0].digest"),
        (QUARANTINE, "kind: Quarantine\nspec: {digests: {}}\n", "spec.digests"),
        (QUARANTINE, "kind: Quarantine\nspec:\n", "spec"),
    ],
)
def test_a_stop_sign_that_cannot_be_read_is_told_and_never_taken_for_none(path, spec, field):
    """Else a typing error would lift a hold."""
    (told,) = problems(a_repository(**{path: FRAME + spec}))
    assert told.startswith(path)
    assert f" {field}: " in told


@each(
    ("field", "value"),
    [
        *(("version", version) for version in ("1.0", "v1.0.0", "1.0.0-rc1", "01.0.0", "", 1, None)),
        *(("digest", digest) for digest in ("sha256:" + "A" * 64, "sha256:" + "a" * 63, "a" * 64, "")),
        ("model", "Other"),
        ("environment", ""),
    ],
)
def test_a_release_that_no_promotion_wrote_is_refused(field, value):
    document = a_release_document()
    document["spec"][field] = value
    told = problems(a_repository(**{f"{RELEASES}/production.yaml": as_text(document)}))
    assert any(f"spec.{field}: expected " in one for one in told), told


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("artifact", {"sha256": "sha256:" + "1" * 64}),
        ("data", {"digest": "sha256:" + "1" * 64}),
        ("madeFrom", {"code": "sha256:" + "1" * 64}),
        ("madeFrom", {"environment": "sha256:" + "1" * 64}),
    ],
    ids=["other bytes", "other data", "other code", "another environment"],
)
def test_a_release_that_was_edited_by_hand_no_longer_has_its_digest(key, change):
    document = a_release_document()
    document["spec"][key] |= change
    (told,) = problems(a_repository(**{f"{RELEASES}/production.yaml": as_text(document)}))
    assert "spec.digest: the digest of what stands here is sha256:" in told
    assert "revert the edit" in told


def test_releases_are_read_by_model_and_environment():
    files = {f"{RELEASES}/{name}.yaml": as_text(a_release_document(environment=name)) for name in ("staging", "production")}
    releases = load_specs(a_repository(**files)).releases
    assert {model: list(environments) for model, environments in releases.items()} == {"flight-delay": ["production", "staging"]}


def test_specs_are_sorted_by_name_whatever_the_order_of_files():
    path = "policies/rollout/direct.yaml"
    more = {path.replace("direct", name): ROOT[path].replace("direct}\n", f"{name}}}\n", 1) for name in ("zz", "aa")}
    assert list(load_specs(a_repository(**more)).rollouts) == ["aa", "direct", "zz"]


def test_params_need_no_kind():
    place = Place(path="params.yaml", schema="params", name="")
    assert read_document(place, b"models: {}\n").spec.models == {}
    assert read_document(place, b"{}\n").spec.models == {}


def test_a_document_knows_where_its_problems_are():
    document = read_document(Place(path=MODEL, schema="model", name="flight-delay", model="flight-delay"), ROOT[MODEL].encode())
    value = document.problem(("spec", "task"), "odd", "hint")
    key = document.problem_with_key(("spec", "task"), "odd")
    assert str(value) == f"{MODEL}:9:9 spec.task: odd (hint)"
    assert str(key) == f"{MODEL}:9:3 spec.task: odd"


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_files_from_other_systems_are_read_alike(end):
    files = {
        path: content.replace(b"\n", end.encode()) if path.endswith(".yaml") else content
        for path, content in a_repository().items()
    }
    assert load_specs(files).models == load_specs(a_repository()).models
