"""The port Programs: a team's program under supervision, with no secret in its environment and nothing of it left running."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from reconciler.adapters.redaction import redact
from reconciler.adapters.training.log import KILLED
from reconciler.adapters.training.process import Ended, run_supervised
from reconciler.domain.programs import Program, Ran

_HARMLESS = frozenset({"LANG", "LANGUAGE", "TZ", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "PYTHONPATH", "JULIA_DEPOT_PATH", "JAVA_HOME"})
_HARMLESS_STARTS = ("LC_", "OMP_", "OPENBLAS_", "MKL_", "CUDA_", "R_LIBS")
_STEADY = {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"}
"""So that a program in Python gives the same bytes again, and leaves nothing but what it is asked for."""
TRY_LATER = 75
"""EX_TEMPFAIL of sysexits.h: the program says itself that the same again may go well."""
_LOG_BYTES = 200_000
_WORD_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class SupervisedPrograms:
    """Runs programs with the harmless part of `environment`; `tell` is given what each printed."""

    environment: Mapping[str, str]
    tell: Callable[[str], None]

    def run(self, program: Program) -> Ran:
        """Run it to its end or its limit. Raises PermanentActError when it cannot be started."""
        with TemporaryDirectory(prefix="perennial-program-") as scratch:
            log = Path(scratch) / "log"
            home = Path(scratch) / "home"
            home.mkdir()
            steady = {**_STEADY, "HOME": str(home), "TMPDIR": str(home)}
            given = self.environment if program.inherits else {**self._harmless(), **steady}
            ended = run_supervised(
                ["/usr/bin/env", *program.command],
                directory=program.directory,
                environment={**given, **program.variables},
                log=log,
                limits=program.limits,
            )
            said = redact(_end_of(log), self.environment, {program.directory: ".", Path(scratch): "<scratch>"})
        self.tell(said)
        return replace(_ran(program.called or " ".join(program.command), ended, said), said=said, exceeded=ended.exceeded)

    def _harmless(self) -> dict[str, str]:
        kept = {k: v for k, v in self.environment.items() if k in _HARMLESS or k.startswith(_HARMLESS_STARTS)}
        path = (str(Path(sys.executable).parent), self.environment.get("PATH", ""))
        return kept | {"PATH": os.pathsep.join(part for part in path if part)}


def _ran(command: str, ended: Ended, said: str) -> Ran:
    last = next((line.strip() for line in reversed(said.splitlines()) if line.strip()), "it said nothing")[:_WORD_CHARACTERS]
    if ended.exceeded:
        return Ran(failure=f"{command}: {ended.exceeded}")
    if ended.code is None or ended.code < 0:
        return Ran(failure=f"{command}: {KILLED}; its last words: {last}", transient=True)
    if ended.code:
        return Ran(failure=f"{command} exited with {ended.code}: {last}", transient=ended.code == TRY_LATER)
    return Ran()


def _end_of(log: Path) -> str:
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - _LOG_BYTES))
        return file.read().decode(errors="replace")
