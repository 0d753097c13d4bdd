"""Run as a program by verify, in the serving environment: opens a package as serving does, and finds out what the task asks.

The argument is a JSON file, the task; the answer goes into the file that it names. Only the standard library is imported before
the package is opened, so that an environment that lacks everything else can say so.
"""

import contextlib
import json
import platform
import re
import resource
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

Json = dict[str, Any]
Ask = Callable[[str], str]
_LOCKED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)
_WARM_UP = 5
_ROUND_SECONDS = 0.5
_FEWEST_CALLS, _MOST_CALLS = 20, 100
_LIBRARIES = ("reconciler.pipeline.requests", "polars", "skops.io", "sklearn.compose", "sklearn.ensemble", "sklearn.linear_model")
_STATUS = Path("/proc/self/status")


def main(path: str) -> None:
    """Do what the task says. What goes wrong in the environment is an answer: `failure` is a sentence."""
    task = json.loads(Path(path).read_text(encoding="utf-8"))
    if task["code"]:
        sys.path.insert(0, task["code"])
    try:
        answer = _TASKS[task["do"]](task)
    except Exception as error:  # noqa: BLE001 - whatever a strange environment does is what we want to know
        answer = _failure(error)
    Path(task["answer"]).write_text(json.dumps(answer), encoding="utf-8")


def _install(task: Json) -> Json:
    """Versions of what the package was made with, and of what is here; then its sample requests, answered or not."""
    with zipfile.ZipFile(task["package"]) as archive:
        made = {name: word for name, word in json.loads(archive.read("environment.json")).items() if name != "lock"}
        lock = archive.read("requirements.lock").decode() if "requirements.lock" in archive.namelist() else ""
        inputs = json.loads(archive.read("samples.json"))["inputs"]
    here = {name: found for name in made if (found := _version(name))}
    locked = {name: (wanted, found) for name, wanted in _LOCKED.findall(lock) if (found := _version(name)) and found != wanted}
    known = {"made": made, "installed": here, "otherwise": locked, "samples": len(inputs)}
    try:
        ask = _opened(task["package"])
        return known | {"predictions": json.loads(ask(json.dumps({"inputs": inputs})))["predictions"]}
    except Exception as error:  # noqa: BLE001
        return known | _failure(error)


def _answer(task: Json) -> Json:
    """The answers to the requests, and what the features of the last one's rows became."""
    from reconciler.pipeline.artifact import open_artifact
    from reconciler.pipeline.columns import features_of
    from reconciler.pipeline.requests import rows_of

    ask, contract = _opened(task["package"]), open_artifact(Path(task["package"])).contract
    seen = features_of(rows_of(contract, task["requests"][-1]), contract.features).fill_nan(None)
    return {
        "answers": [json.loads(ask(request))["predictions"] for request in task["requests"]],
        "seen": seen.to_dict(as_series=False),
    }


def _time(task: Json) -> Json:
    """Seconds of each call, by package and round. The packages are asked in turn, so that what disturbs one disturbs all."""
    asked = [(_opened(one["package"]), one["requests"]) for one in task["packages"]]
    for ask, requests in asked:
        ask(requests[0])  # loads the model
    slowest = max(_seconds(ask, requests[place % len(requests)]) for place in range(_WARM_UP) for ask, requests in asked)
    calls = max(_FEWEST_CALLS, min(_MOST_CALLS, int(_ROUND_SECONDS / slowest / len(asked))))
    found: list[list[list[float]]] = [[[] for _ in range(task["rounds"])] for _ in asked]
    for turn in range(task["rounds"]):
        for call in range(calls):
            for number, (ask, requests) in enumerate(asked):
                found[number][turn].append(_seconds(ask, requests[(turn * calls + call) % len(requests)]))
    return {"seconds": found}


def _weigh(task: Json) -> Json:
    """Bytes of memory: of the bare interpreter, with the libraries, and the most that answering ever took."""
    bare = _resident("VmRSS")
    for name in _LIBRARIES:
        with contextlib.suppress(ImportError):
            import_module(name)
    libraries = _resident("VmRSS")
    ask = _opened(task["package"])
    for request in task["requests"]:
        ask(request)
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    return {"bare": bare, "libraries": libraries, "peak": _resident("VmHWM") + children}


_TASKS: dict[str, Callable[[Json], Json]] = {"install": _install, "answer": _answer, "time": _time, "weigh": _weigh}


def _opened(path: str) -> Ask:
    """The package, the way that serving opens it."""
    from reconciler.pipeline.artifact import open_artifact
    from reconciler.pipeline.requests import answer

    package = open_artifact(Path(path), programs=_Programs())
    return lambda request: answer(package, request)


def _seconds(ask: Ask, request: str) -> float:
    began = time.perf_counter()
    ask(request)
    return time.perf_counter() - began


def _version(name: str) -> str:
    """Empty for what is not installed."""
    try:
        return platform.python_version() if name == "python" else version(name)
    except PackageNotFoundError:
        return ""


def _resident(key: str) -> int:
    """Bytes of this process; where the kernel does not tell, its largest so far."""
    if _STATUS.exists():
        lines = [line.split() for line in _STATUS.read_text(encoding="ascii").splitlines()]
        return next(int(line[1]) * 1024 for line in lines if line[0] == f"{key}:")
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _failure(error: Exception) -> Json:
    """What went wrong as a sentence (our own errors are one already), and the module that is not installed, if it was that."""
    text = str(error).strip().split("\n")[0]
    said = text if type(error).__name__ == "ReconcilerError" else f"{type(error).__name__}: {text}"
    return {"failure": said} | ({"absent": error.name} if isinstance(error, ModuleNotFoundError) else {})


class _Programs:
    """Runs what answers by a program. Its limits are those of this process, which a supervisor watches."""

    def run(self, program: Any) -> Any:
        from reconciler.domain.programs import Ran

        given = [f"{name}={value}" for name, value in program.variables.items()]
        command = ["/usr/bin/env", *given, *program.command]
        ended = subprocess.run(command, cwd=program.directory, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        last = (ended.stderr.decode(errors="replace").strip().splitlines() or ["it said nothing"])[-1]
        return Ran(failure=f"{program.command[0]} exited with {ended.returncode}: {last}" if ended.returncode else "")


if __name__ == "__main__":
    main(sys.argv[1])
