"""A model file is the same in every process, and nothing but a model is ever loaded from one."""

import io
import json
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reconciler.errors import ReconcilerError
from reconciler.pipeline.archive import pack, unpack
from reconciler.pipeline.build import build_pipeline
from reconciler.pipeline.canonical import dump, load
from reconciler.pipeline.columns import features_of
from reconciler.specs.training import Estimator
from tests.builders import a_model
from tests.runs import SMALL, flights

HIST = Estimator.HIST_GRADIENT_BOOSTING


def fitted(estimator: str = "histGradientBoosting", **parameters: Any) -> Any:
    model = a_model(training={"holdout": "14d", "estimator": estimator, "parameters": parameters or SMALL})
    rows = flights(300)
    return build_pipeline(model, 0, Path("unused")).fit(
        features_of(rows, model.spec.features), (rows["arr_delay"] >= 15).to_numpy().astype(int)
    )


@pytest.fixture(scope="module")
def content() -> bytes:
    return dump(fitted(), HIST)


@pytest.mark.parametrize(
    ("estimator", "parameters"),
    [("histGradientBoosting", SMALL), ("randomForest", {"n_estimators": 3}), ("logisticRegression", {"C": 0.5})],
)
def test_a_loaded_model_answers_as_before(estimator: str, parameters: dict[str, Any]) -> None:
    model = fitted(estimator, **parameters)
    rows = features_of(flights(50, seed=2), a_model().spec.features)
    again = load(dump(model, Estimator(estimator)), Estimator(estimator))
    assert np.array_equal(again.predict_proba(rows), model.predict_proba(rows))


def test_dumping_again_changes_nothing(content: bytes) -> None:
    assert dump(load(content, HIST), HIST) == content


def edited(content: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    files = dict(unpack(content, "test"))
    schema = json.loads(files["schema.json"])
    change(schema)
    return pack({**files, "schema.json": json.dumps(schema).encode()})


def node(loader: str, kind: str, **rest: Any) -> dict[str, Any]:
    module, _, name = kind.rpartition(".")
    return {"__loader__": loader, "__module__": module, "__class__": name, **rest}


NONE = {"__loader__": "JsonNode", "__module__": "builtins", "__class__": "str", "content": "null", "is_json": True}
TUPLE = {"__loader__": "TupleNode", "__module__": "builtins", "__class__": "tuple", "content": [NONE]}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s: s.update(node("TypeNode", "os.system")), "TypeNode os.system, which may not"),
        (lambda s: s.update(node("FunctionNode", "os.system", content="x")), "FunctionNode os.system"),
        (lambda s: s.update(node("ObjectNode", "subprocess.Popen", content=NONE)), "subprocess.Popen"),
        (lambda s: s.update(node("ConstructorFromReduceNode", "builtins.eval", content=TUPLE)), "builtins.eval"),
        (lambda s: s.update(node("MethodNode", "sklearn.pipeline.Pipeline", content={"func": "fit", "obj": NONE})), "MethodNode"),
        (lambda s: s.update(node("OperatorFuncNode", "operator.attrgetter", attrs=TUPLE)), "OperatorFuncNode"),
        (lambda s: s["content"].update(__loader__={"a": 1}), "which may not be loaded|malformed"),
        (lambda s: s.update(protocol=0), "protocol 0 of skops"),
        (lambda s: s.update(__loader__="DictNode"), "malformed|may not"),
    ],
)
def test_what_is_not_on_the_list_is_refused(content: bytes, change: Callable[[dict[str, Any]], None], words: str) -> None:
    with pytest.raises(ReconcilerError, match=words):
        load(edited(content, change), HIST)


def test_a_model_of_another_estimator_is_refused(content: bytes) -> None:
    with pytest.raises(ReconcilerError, match="may not be loaded"):
        load(content, Estimator.RIDGE)


class Evil:
    def __reduce__(self) -> Any:
        return (print, ("code ran",))


def npy(header: bytes) -> bytes:
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header


@pytest.mark.parametrize(
    "array",
    [
        npy(b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,)}\n"),
        npy(b"{'descr': '|O', 'fortran_order': False, 'shape': (1,)}\n") + pickle.dumps(Evil()),
        b"not an array",
    ],
)
def test_arrays_that_lie_are_refused(content: bytes, array: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    files = dict(unpack(content, "test"))
    with pytest.raises(ReconcilerError, match=r"claims|malformed"):
        load(pack({**files, "000000.npy": array}), HIST)
    assert capsys.readouterr().out == ""


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("schema.json", b" " * 1_000_000)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("blob", "words"),
    [
        (pickle.dumps(Evil()), "not a readable archive"),
        (b"", "not a readable archive"),
        (bomb(), "is compressed"),
        (pack({}), "malformed: KeyError"),
        (pack({"schema.json": b"[" * 100_000}), "malformed"),
        (pack({"schema.json": b"[]"}), "malformed"),
    ],
)
def test_other_files_are_refused(blob: bytes, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ReconcilerError, match=words):
        load(blob, HIST)
    assert capsys.readouterr().out == ""


def test_a_model_that_needs_pickle_is_refused_when_it_is_saved() -> None:
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import FunctionTransformer

    with pytest.raises(ReconcilerError, match=r"may not be loaded"):
        dump(Pipeline([("x", FunctionTransformer(np.log1p))]), Estimator.CUSTOM)
