"""Package files that agree with their own manifest and are wrong all the same: refused before anything is loaded."""

import json
from pathlib import Path

import pytest

from reconciler.errors import ReconcilerError
from reconciler.pipeline.artifact import environment_versions, open_artifact
from reconciler.pipeline.build_json import json_text
from reconciler.statistics.profile_json import profile_to_json
from tests.runs import flights
from tests.scoring import a_contract, a_package, an_artifact, zip_of

VERSIONS = environment_versions()
PROFILE = profile_to_json(a_package().reference)


def contract(**changes: object) -> bytes:
    return json_text(json.loads(a_contract().model_dump_json(by_alias=True)) | changes).encode()


def environment(**changes: object) -> bytes:
    return json_text(VERSIONS | {name.replace("_", "-"): value for name, value in changes.items()}).encode()


def test_a_sound_package_opens_and_answers(tmp_path: Path) -> None:
    artifact = an_artifact(tmp_path / "model.zip")
    opened = open_artifact(tmp_path / "model.zip", artifact.sha256)
    assert opened.sha256 == artifact.sha256
    assert (opened.contract, opened.reference) == (a_contract(), a_package().reference)
    rows = flights(20)
    assert opened.predict(rows).tolist() == a_package().predict(rows).tolist()


def test_other_bytes_than_git_says_are_refused_with_both_digests(tmp_path: Path) -> None:
    wanted = an_artifact(tmp_path / "model.zip").sha256
    found = an_artifact(tmp_path / "model.zip", zip_of(samples__json=b"[]")).sha256
    with pytest.raises(ReconcilerError, match=f"^model.zip has digest {found}, expected {wanted}$") as caught:
        open_artifact(tmp_path / "model.zip", wanted)
    assert caught.value.help == "dvc pull"


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"contract__json": b"{}"}, "contract.json cannot be understood: Field required"),
        ({"contract__json": b"\xff"}, "contract.json cannot be understood"),
        ({"contract__json": contract(task="guess")}, "contract.json cannot be understood"),
        ({"contract__json": contract(extra=1)}, "contract.json cannot be understood: Extra inputs"),
        ({"contract__json": contract(model="../evil")}, "contract.json cannot be understood: String should match"),
        ({"profile__json": b"{}"}, "profile.json cannot be understood"),
        ({"profile__json": b"\xff"}, "profile.json cannot be understood"),
        ({"profile__json": b"[" * 100_000}, "profile.json cannot be understood"),
        ({"profile__json": PROFILE.replace('"rows":400', '"rows":401').encode()}, "profile.json cannot be understood"),
        ({"profile__json": PROFILE.replace('"missing":', '"missing":-').encode()}, "profile.json cannot be understood"),
        ({"environment__json": b""}, "environment.json is not JSON"),
        ({"environment__json": b"[]"}, "environment.json is not a JSON object"),
        ({"environment__json": b"[" * 100_000}, "environment.json is not JSON"),
        ({"environment__json": b"{}"}, "was made with scikit-learn None"),
        ({"environment__json": environment(scikit_learn="0.0.1")}, "was made with scikit-learn 0.0.1, this environment has"),
        ({"environment__json": environment(scikit_learn=["x"])}, "was made with scikit-learn"),
    ],
)
def test_a_wrong_part_is_named(tmp_path: Path, parts: dict[str, bytes], words: str) -> None:
    an_artifact(tmp_path / "model.zip", zip_of(**parts))
    with pytest.raises(ReconcilerError) as caught:
        open_artifact(tmp_path / "model.zip")
    assert words in caught.value.message
    assert "\n" not in caught.value.message


def test_another_patch_of_scikit_learn_is_no_other_one(tmp_path: Path) -> None:
    major, minor, *_ = VERSIONS["scikit-learn"].split(".")
    an_artifact(tmp_path / "model.zip", zip_of(environment__json=environment(scikit_learn=f"{major}.{minor}.99")))
    assert open_artifact(tmp_path / "model.zip").contract == a_contract()


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (b"", "the model is not a readable archive"),
        (b"\x80\x04cos\nsystem\n(S'echo pwned'\ntR.", "the model is not a readable archive"),
        (zip_of(), "the model is malformed: KeyError"),
    ],
    ids=["nothing", "a pickle", "a package in the package"],
)
def test_a_package_whose_model_is_none_opens_but_does_not_answer(tmp_path: Path, model: bytes, words: str) -> None:
    an_artifact(tmp_path / "model.zip", zip_of(model__skops=model))
    opened = open_artifact(tmp_path / "model.zip")
    with pytest.raises(ReconcilerError, match=words):
        opened.predict(flights(20))


def test_a_contract_that_is_not_the_models_does_not_answer(tmp_path: Path) -> None:
    an_artifact(tmp_path / "model.zip", zip_of(contract__json=contract(estimator="histGradientBoosting")))
    with pytest.raises(ReconcilerError, match="which may not be loaded"):
        open_artifact(tmp_path / "model.zip").predict(flights(20))


def test_a_contract_of_fewer_classes_than_the_model_answers_says_so(tmp_path: Path) -> None:
    an_artifact(tmp_path / "model.zip", zip_of(contract__json=contract(classes=["one"], bounds=[])))
    with pytest.raises(ReconcilerError, match="cannot answer for these 20 rows: IndexError"):
        open_artifact(tmp_path / "model.zip").predict(flights(20))


@pytest.mark.parametrize("name", ["folder", "nothing"])
def test_what_is_no_file_cannot_be_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(ReconcilerError, match=f"^{name} cannot be read: ") as caught:
        open_artifact(tmp_path / name)
    assert caught.value.help == "dvc pull"
