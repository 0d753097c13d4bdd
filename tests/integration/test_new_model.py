import gzip
import shutil
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result

from reconciler.adapters.worktree import read_tree
from reconciler.cli.main import cli
from reconciler.errors import ReconcilerError
from reconciler.specs.load import load_specs
from reconciler.specs.specs import Specs
from tests.repositories import a_repository
from tests.tables import ROWS, TABLES, times, usual, written

SHIPPED = Path(__file__).parents[2]
PARAMS = "# the first line stays\nmodels: {}\n"
DVC = "stages: {}\n\nartifacts:\n  apple: {path: runs/apple/model.zip, type: model}\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository of its own, with the files that a new model is entered into."""
    root = tmp_path / "repository"
    a_repository(root, {"params.yaml": PARAMS.encode(), "dvc.yaml": DVC.encode()})
    return root


def new(root: Path, data: Path, *more: str, name: str = "fresh", time: str = "t", target: str = "y") -> Result:
    """What a person types; the exception, if any, is in the result."""
    command = ["--repo", str(root), "new", "model", name, "--data", str(data), "--time", time, "--target", target, *more]
    return CliRunner().invoke(cli, command)


def onboarded(root: Path, data: Path, *more: str, **names: str) -> Specs:
    """The specs of the tree afterwards."""
    result = new(root, data, *more, **names)
    assert result.exception is None, result.exception
    return load_specs(read_tree(root))


def refusal(root: Path, data: Path, *more: str, **names: str) -> str:
    """What a refused command says; nothing was written."""
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and ".git" not in path.parts}
    result = new(root, data, *more, **names)
    after = {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and ".git" not in path.parts}
    assert after == before
    assert not (root / "models").exists()
    assert result.exit_code
    return result.exception.message if isinstance(result.exception, ReconcilerError) else result.output


@pytest.mark.parametrize("shape", TABLES)
def test_a_table_becomes_specs_that_are_valid_as_they_are(repository: Path, shape: str) -> None:
    columns = TABLES[shape]()
    specs = onboarded(repository, written(columns, repository / "table.csv"))

    dataset, model = specs.datasets["fresh"], specs.models["fresh"]
    assert [column.name for column in dataset.spec.columns] == list(columns)
    assert {"size", "colour"} <= set(model.spec.features.names)
    assert "y" not in model.spec.features.names
    assert specs.parameters["fresh"].dataset == "fresh"


@pytest.mark.parametrize(
    ("shape", "task"),
    [("many classes", "multiclass"), ("a quantity", "regression"), ("zero and one", "binary"), ("two numbers", "binary")],
)
def test_the_task_follows_from_the_target(repository: Path, shape: str, task: str) -> None:
    specs = onboarded(repository, written(TABLES[shape](), repository / "table.csv"))

    assert specs.models["fresh"].spec.task == task


@pytest.mark.parametrize("name", ["table.parquet", "table.csv.gz", "table.tsv"])
def test_other_ways_to_write_a_table(repository: Path, name: str) -> None:
    path = repository / name
    match name:
        case "table.csv.gz":
            plain = written(usual(), repository / "plain.csv")
            path.write_bytes(gzip.compress(plain.read_bytes()))
        case "table.tsv":
            written(usual(), path, separator="\t")
        case _:
            written(usual() | {"parts": [[1, 2]] * ROWS, "kind": pl.Series(["a", "b"] * (ROWS // 2), dtype=pl.Categorical)}, path)

    assert {"size", "colour"} <= set(onboarded(repository, path).models["fresh"].spec.features.names)


def test_a_table_inside_of_the_repository_is_named_from_its_top(repository: Path, tmp_path: Path) -> None:
    (repository / "data").mkdir()
    inside, outside = written(usual(), repository / "data" / "table.csv"), written(usual(), tmp_path / "table.csv")

    assert onboarded(repository, inside, name="inside").datasets["inside"].spec.source.path == "data/table.csv"  # type: ignore[union-attr]
    assert onboarded(repository, outside, name="outside").datasets["outside"].spec.source.path == str(outside)  # type: ignore[union-attr]


def test_the_entries_in_params_and_dvc_keep_everything_else(repository: Path) -> None:
    onboarded(repository, written(usual(), repository / "table.csv"))

    assert (repository / "params.yaml").read_text().startswith("# the first line stays\n")
    assert (
        repository / "dvc.yaml"
    ).read_text() == DVC + '  fresh: {path: runs/fresh/model.zip, type: model, desc: "Model fresh"}\n'


def test_a_second_time_changes_nothing_and_another_table_is_refused(repository: Path) -> None:
    data = written(usual(), repository / "table.csv")
    first = onboarded(repository, data).files
    assert onboarded(repository, data).files == first

    result = new(repository, written(usual(size=[1, 2] * (ROWS // 2)), repository / "other.csv"))
    assert isinstance(result.exception, ReconcilerError)
    assert "are there already and say something else" in result.exception.message
    assert load_specs(read_tree(repository)).files == first


def test_what_would_leak_or_say_nothing_is_left_out_and_explained(repository: Path) -> None:
    columns = usual()
    columns |= {
        "id": [f"order-{i}" for i in range(ROWS)],
        "row": range(ROWS),
        "outcome": [f"{value}!" for value in columns["y"]],
        "twin": columns["size"],
        "same": ["x"] * ROWS,
        "price": [f"{1000 + i:,}" for i in range(ROWS)],
        "far": [float("inf"), *columns["size"][1:]],
        "story": [f"words and more words of row {i}" for i in range(ROWS)],
    }
    result = new(repository, written(columns, repository / "table.csv"))
    specs = load_specs(read_tree(repository))

    assert set(specs.models["fresh"].spec.features.names) == {"size", "colour"}
    text = (repository / "models/fresh/model.yaml").read_text()
    for name in ("id", "row", "outcome", "twin", "same", "price", "far", "story"):
        assert f"    #   {name}: " in text
    outcome = specs.datasets["fresh"].column("outcome")
    assert outcome is not None
    assert outcome.known == "after"
    assert "outcome" in result.output


_REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "constant": ({"y": ["yes"] * ROWS}, 'target "y" is "yes" in all 600 rows that have it'),
    "no labels": ({"y": [None] * ROWS}, "0 of 600 rows have both a time (t) and a value of y"),
    "few labels": (
        {"y": ["yes", "no"] * 40 + [None] * (ROWS - 80)},
        "has 80 rows with a time and a target, at least 100 are needed",
    ),
    "one time": ({"t": ["2022-01-01"] * ROWS}, "all 600 labelled rows have one time"),
    "no time": ({"t": [*times()[:41], "soon", *times()[42:]]}, "row 42: column t holds 'soon', which is no time (1 such rows)"),
    "two readings": ({"t": [f"0{1 + i % 9}/0{1 + i % 8}/2022" for i in range(ROWS)]}, "can be read as %d/%m/%Y and as %m/%d/%Y"),
    "thousands": ({"y": [f"{1000 + i:,}" for i in range(ROWS)]}, 'holds numbers that are written like "1,000"'),
}


@pytest.mark.parametrize("case", _REFUSED)
def test_a_table_that_does_not_suffice_is_refused_with_the_numbers(repository: Path, case: str) -> None:
    changes, message = _REFUSED[case]

    assert message in refusal(repository, written(usual(**changes), repository / "table.csv"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty: it has 0 bytes"),
        (b"t,size,y\n", "0 of 0 rows have both a time (t) and a value of y"),
        (b"t,size,y\n2022-01-01,caf\xe9,yes\n", "line 2: byte 0xe9 is not UTF-8"),
        (b"t,size,y\n2022-01-01,\0,yes\n", "line 2: holds a zero byte"),
        (b"t,size,y\n2022-01-01,1,yes,3\n", "found more fields"),
    ],
)
def test_a_file_that_is_no_table_is_refused(repository: Path, content: bytes, message: str) -> None:
    path = repository / "table.csv"
    path.write_bytes(content)

    assert message in refusal(repository, path)


def test_columns_that_are_not_there_are_refused_with_the_nearest_name(repository: Path) -> None:
    data = written(usual(), repository / "table.csv")

    assert "has no column 'colours' (target); did you mean 'colour'?" in refusal(repository, data, target="colours")
    assert "there are: t, size, colour, y" in refusal(repository, data, time="when")
    assert "cannot be both the event time and the target" in refusal(repository, data, target="t")


def test_names_that_are_none_are_refused(repository: Path) -> None:
    data = written(usual(), repository / "table.csv")

    assert "'Big_Name' is no name" in refusal(repository, data, name="Big_Name")
    assert "got 'soon'" in refusal(repository, data, "--label-delay", "soon")
    assert "ends in none of" in refusal(repository, data.rename(repository / "table.xlsx"))
    assert "there is no file" in refusal(repository, repository / "table.csv")


def test_nothing_is_written_through_a_link(repository: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (repository / "policies").symlink_to(elsewhere)

    assert "is a link" in refusal(repository, written(usual(), repository / "table.csv"))
    assert not list(elsewhere.iterdir())


@pytest.mark.parametrize("shape", ["gaps everywhere", "a quantity"])
def test_the_stages_run_on_the_specs_as_they_are(repository: Path, shape: str) -> None:
    from reconciler.pipeline.definition import write_definition
    from reconciler.wiring_runs import stage_context

    (repository / "requirements").mkdir()
    shutil.copy(SHIPPED / "requirements/lock.txt", repository / "requirements/lock.txt")
    onboarded(repository, written(TABLES[shape](), repository / "table.csv"))
    context = stage_context(str(repository), "fresh")
    write_definition(context)
    said = {
        name: getattr(import_module(f"reconciler.pipeline.{name}"), name)(context) for name in ("snapshot", "train", "evaluate")
    }

    assert "trained on" in said["train"]
    assert (repository / "runs/fresh/metrics.json").is_file()
