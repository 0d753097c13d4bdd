"""Run as a program by verify: asks a team's own check, a function or a command, and keeps what it said within bounds.

The argument is a JSON file, the task; the answer goes into the file that it names. Standard library only. Time, memory and
whatever the check leaves running are the supervisor's business.
"""

import importlib.util
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any

Json = dict[str, Any]
LARGEST = 65_536
"""Bytes of what a check says that are read; the rest is thrown away."""
_AFTERWARDS = 1.0
"""Seconds for what the check printed to arrive, when its children hold its output open."""


def main(path: str) -> None:
    """`said` is its text, `more` whether there was more than fits, `code` the exit code of a command, `failure` a sentence."""
    task = json.loads(Path(path).read_text(encoding="utf-8"))
    answer = _called(task) if "function" in task else _ran(task["command"])
    Path(task["answer"]).write_text(json.dumps(answer), encoding="utf-8")


def _called(task: Json) -> Json:
    """What the function returns for what it is given, as JSON."""
    given = json.loads(Path(task["given"]).read_text(encoding="utf-8"))
    try:
        spec = importlib.util.spec_from_file_location("perennial_check", task["module"])
        if spec is None or spec.loader is None:
            return {"failure": "its file is no Python module"}
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        said = json.dumps(getattr(module, task["function"])(given))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a team's function does is told, not suffered
        return {"failure": f"it raised {type(error).__name__}: {str(error).strip().partition(chr(10))[0]}"}
    return _bounded(said.encode(errors="replace"))


def _ran(command: list[str]) -> Json:
    """What the command prints. Its errors go where those of this program go."""
    try:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    except OSError as error:
        return {"failure": f"it cannot be started: {error.strerror}"}
    kept = bytearray()
    reader = threading.Thread(target=_read, args=(process.stdout, kept), daemon=True)
    reader.start()
    code = process.wait()
    reader.join(_AFTERWARDS)
    return {"code": code, **_bounded(bytes(kept))}


def _read(pipe: IO[bytes], kept: bytearray) -> None:
    """Keep what fits, and let it say the rest to nobody."""
    while chunk := pipe.read1(LARGEST):  # type: ignore[attr-defined]
        kept.extend(chunk[: LARGEST + 1 - len(kept)])


def _bounded(said: bytes) -> Json:
    return {"said": said[:LARGEST].decode(errors="replace"), "more": len(said) > LARGEST}


if __name__ == "__main__":
    main(sys.argv[1])
