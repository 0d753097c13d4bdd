"""Used by make and fitted: a model that the team's own programs train and ask, in whatever language, under one contract.

A program runs in an empty folder that holds the model's own files from `models/<name>/` and nothing else of the repository;
what it is given and what it must leave is named by variables (docs/how-to/train-with-your-own-program.md). What it left is
packaged together with its files, so a champion is asked by the program of its own time. Perennial never opens the model.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from reconciler.domain.names import is_program
from reconciler.domain.programs import Program
from reconciler.domain.training import Limits
from reconciler.errors import ObserveError, ReconcilerError
from reconciler.pipeline.columns import features_of
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.files import read_folder, write_folder
from reconciler.pipeline.program_tables import read_answers, read_metrics, write_rows
from reconciler.pipeline.stored import Stored
from reconciler.pipeline.weights import weights_of
from reconciler.ports import Programs

if TYPE_CHECKING:
    import polars as pl

    from reconciler.pipeline.artifact import Contract

WEIGHT = "sampleWeight"
FilesOf = Mapping[str, bytes]
PARTS = _MODEL, _PROGRAM = "model/", "program/"
"""Where in `fitted` what the program left is, and the program itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramModel:
    """Answers as a fitted estimator of scikit-learn does, by running the program on the rows each time."""

    contract: "Contract"
    files: FilesOf
    programs: Programs | None

    @property
    def classes_(self) -> np.ndarray:
        """All codes, (k,): a program answers for every class."""
        return np.arange(len(self.contract.classes))

    def predict(self, rows: "pl.DataFrame") -> np.ndarray:
        """Values, (n,) float64, for a regression. Raises as `predict_proba`."""
        return self._answers(rows)

    def predict_proba(self, rows: "pl.DataFrame") -> np.ndarray:
        """Shares of the classes, (n, k) float64. Raises ReconcilerError when the program fails, or answers otherwise."""
        return self._answers(rows)

    def _answers(self, rows: "pl.DataFrame") -> np.ndarray:
        asked = self.contract.program
        if asked is None or self.programs is None:
            raise ReconcilerError(f"{self.contract.model} answers by a program, and nothing here runs programs")
        with TemporaryDirectory(prefix="perennial-predict-") as scratch:
            folder = Path(scratch)
            given, answers = folder / f"rows.{asked.rows}", folder / f"predictions.{asked.rows}"
            write_folder(folder / "model", _below(self.files, _MODEL), executable=True)
            write_folder(folder / "here", _below(self.files, _PROGRAM), executable=True)
            write_rows(rows, given)
            variables = {
                "PERENNIAL_ROWS": given,
                "PERENNIAL_MODEL": folder / "model",
                "PERENNIAL_CONTRACT": _written(folder / "contract.json", self.contract, {}),
                "PERENNIAL_PREDICTIONS": answers,
            }
            limits = Limits(seconds=asked.seconds, memory=asked.memory)
            _run(self.programs, tuple(asked.command), folder / "here", variables, limits)
            return read_answers(answers, self.contract.classes, rows.height, several=self.contract.task == "multiclass")


def run_training(context: StageContext, contract: "Contract", rows: Stored, kept: Path) -> tuple[FilesOf, Mapping[str, float]]:
    """Have the program train. Returns the files of the model with those of the program, and the metrics that it left.

    What the program writes to a folder in `kept` is there again after a kill.

    Raises ReconcilerError when it fails or leaves something else, ObserveError when the same again may go well.
    """
    training = context.model.spec.training
    if context.programs is None or training.command is None:
        raise ReconcilerError(f"{context.model.name} is trained by a program, and nothing here runs programs")
    own = program_files(context.root, context.model.name)
    with TemporaryDirectory(prefix="perennial-train-") as scratch:
        folder, output = Path(scratch), Path(scratch) / "output"
        output.mkdir()
        (kept / "program").mkdir(exist_ok=True)
        write_folder(folder / "here", own, executable=True)
        files = {part: folder / f"{part}.{training.rows}" for part in ("train", "holdout")}
        write_rows(_weighted(context, contract, rows.train), files["train"])
        write_rows(_table(contract, rows.holdout), files["holdout"])
        more = {"parameters": training.parameters, "seed": context.parameters.seed}
        variables = {
            "PERENNIAL_TRAIN": files["train"],
            "PERENNIAL_HOLDOUT": files["holdout"],
            "PERENNIAL_CONTRACT": _written(folder / "contract.json", contract, more),
            "PERENNIAL_OUTPUT": output,
            "PERENNIAL_CHECKPOINTS": kept / "program",
        }
        _run(context.programs, training.command, folder / "here", variables, training.limits.of_run())
        return {**_left(output), **{_PROGRAM + name: content for name, content in own.items()}}, read_metrics(output)


def program_files(root: Path, model: str) -> dict[str, bytes]:
    """The files of `models/<model>` that are not Perennial's, by their path from the root. Links are refused."""
    found = read_folder(root / "models" / model, f"models/{model}")
    paths = {f"models/{model}/{name}": content for name, content in found.items()}
    return {path: content for path, content in paths.items() if is_program(path, model)}


def _left(output: Path) -> dict[str, bytes]:
    if not (output / "model").is_dir() or (output / "model").is_symlink():
        raise ReconcilerError("the program left no folder model/ in $PERENNIAL_OUTPUT")
    left = read_folder(output / "model", "the program's model")
    if not left:
        raise ReconcilerError("the program left model/ empty in $PERENNIAL_OUTPUT")
    return {_MODEL + name: content for name, content in left.items()}


def _table(contract: "Contract", frame: "pl.DataFrame") -> "pl.DataFrame":
    """Event time, features as a model sees them, other columns of the run, and the label as what is to be predicted."""
    import polars as pl

    code = contract.coding().encode(frame[contract.label])
    label = pl.Series([contract.classes[one] for one in code]) if contract.task == "multiclass" else pl.Series(code)
    features = features_of(frame, contract.features)
    others = frame.drop(*features.columns, contract.label)
    return pl.concat([others, features], how="horizontal").with_columns(label.alias(contract.label))


def _weighted(context: StageContext, contract: "Contract", frame: "pl.DataFrame") -> "pl.DataFrame":
    """The training rows, with the column `sampleWeight` where the spec weighs them."""
    import polars as pl

    weights = weights_of(context, frame, contract.coding().encode(frame[contract.label]))
    table = _table(contract, frame)
    return table if weights is None else table.with_columns(pl.Series(weights).alias(WEIGHT))


def _written(path: Path, contract: "Contract", more: Mapping[str, Any]) -> Path:
    value = contract.model_dump(mode="json", by_alias=True) | dict(more)
    path.write_text(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def _run(programs: Programs, command: tuple[str, ...], directory: Path, variables: Mapping[str, Path], limits: Limits) -> None:
    given = {name: str(path) for name, path in variables.items()}
    ran = programs.run(Program(command=command, directory=directory, variables=given, limits=limits))
    if ran.failure:
        raise ObserveError(ran.failure) if ran.transient else ReconcilerError(ran.failure)


def _below(files: FilesOf, start: str) -> dict[str, bytes]:
    return {name.removeprefix(start): content for name, content in files.items() if name.startswith(start)}
