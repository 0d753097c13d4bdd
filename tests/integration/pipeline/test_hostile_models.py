"""The safe loader against models that were made to hurt: whatever is in the bytes, no code runs and one clear error comes."""

import copy
import io
import json
import os
import subprocess
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.errors import ReconcilerError
from reconciler.pipeline.archive import pack, unpack
from reconciler.pipeline.canonical import dump, load
from reconciler.pipeline.trusted import trusted_nodes, trusted_types
from reconciler.specs.training import Estimator
from tests.scoring import a_package

LINEAR, CUSTOM = Estimator.LOGISTIC_REGRESSION, Estimator.CUSTOM
NULL = {"__loader__": "JsonNode", "__module__": "builtins", "__class__": "str", "content": "null", "is_json": True}
FUZZ = settings(max_examples=20, deadline=None)


@pytest.fixture(autouse=True)
def no_code(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Whatever a hostile model would call is a failure of the test, wherever the call comes from."""
    ran: list[Any] = []
    for owner, name in ((os, "system"), (os, "popen"), (subprocess, "Popen"), (subprocess, "run"), (os, "remove")):
        monkeypatch.setattr(owner, name, lambda *args, name=name, **_: ran.append((name, args)))
    return ran


@lru_cache
def files() -> dict[str, bytes]:
    return dict(unpack(a_package().fitted["model.skops"], "the model"))


def schema() -> Any:
    return json.loads(files()["schema.json"])


def packed(changed: Any, **more: bytes) -> bytes:
    text = changed if isinstance(changed, bytes) else json.dumps(changed).encode()
    return pack({**files(), "schema.json": text, **{name.replace("_npy", ".npy"): content for name, content in more.items()}})


def refusal(content: bytes, estimator: Estimator = LINEAR) -> str:
    with pytest.raises(ReconcilerError) as caught:
        load(content, estimator)
    return caught.value.message


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where there is a value, however deep."""
    yield at
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inner:
        yield from places(child, (*at, key))


def replaced(value: Any, place: tuple[Any, ...], new: Any) -> Any:
    if not place:
        return new
    changed = copy.deepcopy(value)
    parent = changed
    for key in place[:-1]:
        parent = parent[key]
    parent[place[-1]] = new
    return changed


def a_node(loader: str, kind: str, **rest: Any) -> dict[str, Any]:
    module, _, name = kind.rpartition(".")
    return {"__loader__": loader, "__module__": module, "__class__": name, "__id__": 1, **rest}


PLACES = list(places(schema()))
ARRAYS = sorted(name for name in files() if name.endswith(".npy"))
NODES = [place[:-1] for place in PLACES if place[-1:] == ("__loader__",) and len(place) > 1]
EVIL = [
    a_node("TypeNode", "os.system"),
    a_node("TypeNode", "builtins.eval"),
    a_node("TypeNode", "builtins.object"),
    a_node("FunctionNode", "os.system", content="os.system"),
    a_node("FunctionNode", "subprocess.run", content="subprocess.run"),
    a_node("ObjectNode", "subprocess.Popen", content=NULL),
    a_node("ObjectNode", "sklearn.externals.joblib.memory.Memory", content=NULL),
    a_node("ObjectNode", "sklearn.datasets._base.load_files", content=NULL),
    a_node("ObjectNode", "sklearn.utils._joblib.Parallel", content=NULL),
    a_node("ConstructorFromReduceNode", "builtins.exec", content=NULL),
    a_node("MethodNode", "os.system", content={"func": "system", "obj": NULL}),
    a_node("PartialNode", "functools.partial", content={"func": NULL, "args": NULL, "kwds": NULL, "namespace": NULL}),
    a_node("OperatorFuncNode", "operator.methodcaller", attrs=NULL),
    a_node("BytesNode", "builtins.bytes", content="x"),
    a_node("BytearrayNode", "builtins.bytearray", content="x"),
    a_node("CachedNode", "builtins.object"),
    a_node("ReduceNode", "builtins.object", content=NULL),
    a_node("SomethingNew", "builtins.dict", content={}),
    a_node("TreeNode", "sklearn.tree._tree.Tree", content=NULL),
]


@pytest.mark.parametrize("evil", EVIL, ids=lambda node: f"{node['__loader__']} {node['__module__']}.{node['__class__']}")
def test_a_node_that_may_not_be_is_refused_wherever_it_hides(evil: dict[str, Any], no_code: list[Any]) -> None:
    for place in NODES[:: max(1, len(NODES) // 12)]:
        said = refusal(packed(replaced(schema(), place, evil)))
        assert "may not be loaded" in said or "malformed" in said
    assert no_code == []


@pytest.mark.parametrize(
    "kind",
    ["TypeNode os.system", "FunctionNode os.system", "ObjectNode subprocess.Popen", "MethodNode sklearn.pipeline.Pipeline"],
)
def test_a_teams_own_pipeline_may_not_hold_it_either(kind: str, no_code: list[Any]) -> None:
    loader, name = kind.split(" ")
    said = refusal(packed(replaced(schema(), NODES[2], a_node(loader, name, content=NULL))), CUSTOM)
    assert said == f"the model holds {kind}, which may not be loaded"
    assert no_code == []


def test_no_list_names_anything_that_runs_what_it_is_given() -> None:
    for estimator in Estimator:
        nodes = trusted_nodes(estimator)
        assert not [node for node in nodes if node.startswith(("MethodNode", "OperatorFuncNode", "ConstructorFromReduceNode"))]
        assert [node for node in nodes if node.startswith("FunctionNode")] in (
            [],
            ["FunctionNode sklearn.utils.validation.check_array"],
        )
        assert not {"os", "subprocess", "sys", "posix", "importlib", "joblib"} & {
            name.split(".")[0] for name in trusted_types(estimator)
        }


def test_each_estimator_has_the_shortest_list_that_does() -> None:
    assert trusted_nodes(LINEAR) < trusted_nodes(CUSTOM)
    assert not any("tree" in node for node in trusted_nodes(LINEAR))
    assert trusted_types(LINEAR) == sorted(set(trusted_types(LINEAR)))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "malformed: JSONDecodeError"),
        (b"\xff", "malformed: UnicodeDecodeError"),
        (b"null", "malformed: AttributeError"),
        (b"3", "malformed: AttributeError"),
        (b"{}", "protocol None of skops"),
        (b'{"protocol": "x"}', "protocol 'x' of skops"),
        (b'{"protocol": NaN}', "protocol nan of skops"),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "malformed: RecursionError"),
        (b"1" * 5_000, "malformed: ValueError"),
    ],
    ids=["empty", "not UTF-8", "null", "a number", "no protocol", "a text", "NaN", "deep", "a number of 5,000 digits"],
)
def test_a_schema_that_is_none_is_malformed(content: bytes, words: str) -> None:
    assert words in refusal(packed(content))


@pytest.mark.parametrize("key", ["__module__", "__class__", "__loader__", "protocol"])
def test_a_schema_that_lost_a_key_is_refused(key: str) -> None:
    without = schema()
    del without[key]
    said = refusal(packed(without))
    assert "malformed" in said or "protocol None" in said or "may not be loaded" in said


def of(array: np.ndarray, *, pickled: bool = False) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=pickled)
    return stream.getvalue()


@pytest.mark.parametrize(
    "array",
    [
        of(np.array([1, "a", None], dtype=object), pickled=True),
        of(np.zeros(3))[:-1],
        of(np.zeros(3)) + b"x",
        of(np.zeros(3)).replace(b"(3,)", b"(-3,)"),
        of(np.zeros(3)).replace(b"<f8", b"|O8"),
        of(np.zeros(3)).replace(b"<f8", b"<V9"),
        of(np.zeros(3)).replace(b"(3,)", b"eval"),
        of(np.zeros(3)).replace(b"'descr'", b"'other'"),
        of(np.zeros(3)).replace(b"}", b"("),
        of(np.zeros(3)).replace(b"'descr'", b"\n  'desc"),
        b"\x93NUMPY\x09\x00",
        b"\x93NUMPY",
        b"",
    ],
    ids=[
        *("objects", "a byte less", "a byte more", "a negative length", "objects that say they are none", "another width"),
        *(
            "code for a shape",
            "no type",
            "a header that never ends",
            "a header that is indented",
            "a version of the future",
            "a header cut short",
            "nothing",
        ),
    ],
)
def test_arrays_that_are_none_are_refused_before_memory_is_taken(array: bytes, no_code: list[Any]) -> None:
    said = refusal(packed(schema(), **{"000000_npy": array}))
    assert "claims" in said or "malformed" in said
    assert no_code == []


values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.just([]),
    st.just({}),
    st.sampled_from(EVIL),
    st.sampled_from(["os.system", "__class__", "../x.npy", "schema.json", "null", "[1", "{}"]),
)


def complaint(content: bytes) -> str:
    """Why it is no model; empty when it is one."""
    try:
        load(content, LINEAR)
    except ReconcilerError as error:
        return error.message
    return ""


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.InconsistentVersionWarning")
@FUZZ
@given(place=st.sampled_from(PLACES), value=values)
def test_no_edit_of_a_schema_is_anything_but_a_model_or_one_clear_error(place: tuple[Any, ...], value: Any) -> None:
    said = complaint(packed(replaced(schema(), place, value)))
    assert said == "" or said.startswith("the model")


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.InconsistentVersionWarning")
@FUZZ
@given(place=st.integers(0, 100_000), value=st.integers(0, 255))
def test_no_changed_byte_is_anything_but_a_model_or_one_clear_error(place: int, value: int) -> None:
    content = bytearray(a_package().fitted["model.skops"])
    content[place % len(content)] = value
    said = complaint(bytes(content))
    assert said == "" or said.startswith("the model")


@FUZZ
@given(
    name=st.sampled_from(ARRAYS),
    place=st.integers(0, 300),
    value=st.integers(0, 255),
)
def test_no_changed_byte_of_an_array_is_anything_else_either(name: str, place: int, value: int) -> None:
    content = bytearray(files()[name])
    content[place % len(content)] = value
    said = complaint(pack({**files(), name: bytes(content)}))
    assert said == "" or said.startswith("the model")


@pytest.mark.parametrize("lost", ["schema.json", "000000.npy", "000005.npy", "000010.npy"])
def test_a_model_that_lost_a_file_is_malformed(lost: str) -> None:
    rest = {name: content for name, content in files().items() if name != lost}
    assert "malformed" in refusal(pack(rest))


def test_what_cannot_be_loaded_is_not_even_saved() -> None:
    from sklearn.linear_model import Ridge

    with pytest.raises(ReconcilerError, match=r"holds ObjectNode sklearn\.linear_model\._ridge\.Ridge, which may not be loaded"):
        dump(Ridge().fit([[0.0], [1.0]], [0.0, 1.0]), Estimator.RANDOM_FOREST)


def test_what_skops_does_not_know_is_refused_in_one_line() -> None:
    class Mine:
        def __reduce__(self) -> Any:
            return os.system, ("echo pwned",)

    with pytest.raises(ReconcilerError, match=r"cannot be saved without pickle|may not be loaded"):
        dump(Mine(), CUSTOM)
