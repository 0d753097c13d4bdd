"""Used by verify: a process of the serving environment that opens the finished package, and what it found out.

It starts in an empty folder with one thread, and without PYTHONPATH, user packages and whatever else the trainer's environment
has. Where the spec names no interpreter it is this one, with this very code.
"""

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import reconciler
from reconciler.domain.programs import Program
from reconciler.domain.training import Limits
from reconciler.errors import ReconcilerError
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.package import PACKAGE
from reconciler.render.markdown import visible

PATIENCE = Limits(seconds=900)
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS"), "1")
_PLACES = re.compile(r"(?:/[^\s/:'\"()]+)+/")
_MOST_SAID = 300
_PROBE = Path(__file__).with_name("probes") / "serving.py"


def ask_serving(context: StageContext, do: str, **task: Any) -> Mapping[str, Any]:
    """What the probe answers to the task `do`. Raises ReconcilerError when it does not answer, or says why it cannot."""
    found = try_serving(context, do, **task)
    if "failure" in found:
        raise ReconcilerError(f"in the serving environment ({interpreter_of(context)}): {found['failure']}")
    return found


def try_serving(context: StageContext, do: str, **task: Any) -> Mapping[str, Any]:
    """The same, but a failure of the environment is an answer, without the paths of this machine.

    Raises ReconcilerError when the probe itself does not end well.
    """
    python, where = _python(context), interpreter_of(context)
    code = None if context.interpreter else str(Path(reconciler.__file__).parents[1])
    with TemporaryDirectory(prefix="perennial-serving-") as folder:
        told, answer = Path(folder) / "task.json", Path(folder) / "answer.json"
        package = str(_package(context))
        told.write_text(json.dumps({"do": do, "code": code, "answer": str(answer), "package": package, **task}), encoding="utf-8")
        program = Program(
            command=(str(python), "-I", str(_PROBE), str(told)),
            directory=Path(folder),
            variables=ONE_THREAD,
            limits=PATIENCE,
            called=f"the serving environment ({where})",
        )
        _run(context, program)
        return _answer(answer, where)


def interpreter_of(context: StageContext) -> str:
    """The interpreter as people call it."""
    return context.model.spec.serve.python or "that of the training"


def _python(context: StageContext) -> Path:
    if context.interpreter is None:
        return Path(sys.executable)
    if not context.interpreter.is_file():
        raise ReconcilerError(
            f"spec.serve.python: there is no {context.model.spec.serve.python} on this machine",
            help="create the environment, or correct the path, which starts at the repository's root",
        )
    return context.interpreter


def _package(context: StageContext) -> Path:
    path = context.path(PACKAGE)
    if not path.is_file():
        raise ReconcilerError(f"runs/{context.model.name}/{PACKAGE} does not exist", help="dvc repro")
    return path.absolute()


def _run(context: StageContext, program: Program) -> None:
    if context.programs is None:
        raise ReconcilerError("nothing here runs programs, so the package cannot be tried")
    ran = context.programs.run(program)
    if ran.failure:
        raise ReconcilerError(_plain(ran.failure))


def _answer(path: Path, where: str) -> Mapping[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReconcilerError(f"the serving environment ({where}) did not answer: {type(error).__name__}") from error
    if not isinstance(value, dict):
        raise ReconcilerError(f"the serving environment ({where}) answered {type(value).__name__}, not an object")
    if "failure" in value:
        value["failure"] = _plain(str(value["failure"]))
    return value


def _plain(text: str) -> str:
    """One line without the paths of this machine."""
    return _PLACES.sub("", visible(text))[:_MOST_SAID]
