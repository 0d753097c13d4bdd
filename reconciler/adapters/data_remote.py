"""The port of DVC's remote, on whatever storage DVC has an extra for."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from reconciler.adapters.dvc_config import default_remote, main_checkout
from reconciler.adapters.redaction import redact
from reconciler.errors import ActError, ObserveError, PermanentActError, TransientActError

_PROGRAM = Path(__file__).with_name("dvc_remote.py")
_ERROR = re.compile(r"[\w.]+: .*")
_EXTRA = re.compile(r"dvc\[(s3|gs|azure|ssh)\]")
_LASTING = re.compile(
    "Credential|Permission|Forbidden|AccessDenied|Access ?Key|Signature|Unauthori[sz]ed|Authentication|does not exist|NoSuch"
    "|RemoteConfigError|MissingDepsError|ConfigError|HostKey",
    re.IGNORECASE,
)
"""What stays until a person does something."""


class DvcDataRemote:
    """DataRemote and DataRemoteWriter for the checkout at `root`. What was seen there is not asked for again by this object.

    `environment` is the DVC process's; `patience` are the seconds for a look, `limit` for a push.
    """

    def __init__(
        self, root: Path, name: str, environment: Mapping[str, str], *, patience: float = 300.0, limit: float = 21_600.0
    ) -> None:
        self.root = main_checkout(root)
        self.name = name
        self.environment = environment
        self.patience = patience
        self.limit = limit
        self._seen: set[str] = set()

    @classmethod
    def default(cls, root: Path, environment: Mapping[str, str]) -> "DvcDataRemote | None":
        """That which DVC's configuration calls the default; None when it names none. Raises ObserveError."""
        name = default_remote(root)
        return cls(root, name, environment) if name else None

    def absent(self, md5s: Sequence[str]) -> frozenset[str]:
        """Those that are not wholly there. Raises ObserveError when the remote does not tell."""
        try:
            return self._ask("look", [md5 for md5 in md5s if md5 not in self._seen], self.patience)[0]
        except ActError as error:
            raise ObserveError(error.message, help=error.help) from error

    def push(self, md5s: Sequence[str]) -> None:
        """Push, and look whether all are there. Raises TransientActError or PermanentActError."""
        absent, said = self._ask("push", md5s, self.limit)
        if absent and (refused := [line for line in said.splitlines() if line.startswith("ERROR: ")]):
            raise self._trouble("push", refused[-1])
        if absent:
            message = f"{len(absent)} of {len(md5s)} outputs are not in the DVC remote {self.name} after the push"
            raise PermanentActError(message, help="dvc push, on the machine that trained; or perennial retrain")

    def _ask(self, verb: str, md5s: Sequence[str], seconds: float) -> tuple[frozenset[str], str]:
        """What is absent afterwards, and what was said meanwhile.

        DVC's own memory of remotes is put aside: it takes for there what was there once.
        """
        if not md5s:
            return frozenset(), ""
        with TemporaryDirectory(prefix="perennial-dvc-") as site:
            try:
                done = subprocess.run(
                    [sys.executable, str(_PROGRAM), verb],
                    input=json.dumps(list(md5s)),
                    cwd=self.root,
                    env={**self.environment, "DVC_SITE_CACHE_DIR": site},
                    capture_output=True,
                    text=True,
                    errors="replace",
                    timeout=seconds,
                    check=False,
                )
            except subprocess.TimeoutExpired as error:
                raise TransientActError(f"{self._what(verb)}: no answer within {seconds:g} s", help="run again") from error
        if done.returncode:
            raise self._trouble(verb, done.stderr)
        absent = frozenset(json.loads(done.stdout))
        self._seen |= {*md5s} - absent
        return absent, done.stderr

    def _trouble(self, verb: str, said: str) -> ActError:
        """The error that the storage's library died of: the last line that names one."""
        lines = [line for line in redact(said, self.environment, {self.root: "."}).splitlines() if line.strip()]
        reason = next((line for line in reversed(lines) if _ERROR.match(line)), lines[-1] if lines else "no reason given")
        message = f"{self._what(verb)}: {reason}"
        if extra := _EXTRA.search(reason):
            return PermanentActError(message, help=f"pip install 'perennial[{extra[1]}]'")
        if _LASTING.search(reason):
            return PermanentActError(
                message, help=f"dvc remote list; set the credentials that {self.name} needs; dvc status --cloud"
            )
        return TransientActError(message, help="dvc status --cloud; then run again")

    def _what(self, verb: str) -> str:
        return f"the DVC remote {self.name} " + ("does not tell what it has" if verb == "look" else "did not take the data")
