"""What DVC and the stages are given in a checkout of their own: configuration, environment, and a log free of secrets."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from reconciler.adapters.dvc_config import main_checkout, training_config
from reconciler.adapters.redaction import redact
from reconciler.adapters.training.code import code_of
from reconciler.adapters.training.worktree import Worktree
from reconciler.domain.names import Revision, short
from reconciler.errors import PermanentActError

DVC = (sys.executable, "-P", "-m", "dvc")
"""The command that runs DVC."""
_QUIET = {"DVC_NO_ANALYTICS": "1", "DVC_STUDIO_OFFLINE": "1", "GX_ANALYTICS_ENABLED": "false", "PYTHONUNBUFFERED": "1"}
_NOT_PASSED_ON = ("GIT_", "DVC_ROOT", "DVC_STAGE", "DVC_EXP_", "ARGOCD_", "PERENNIAL_ARGOCD_", "PERENNIAL_GITHUB_", "KUBECONFIG")
"""What names a repository of somebody else's, and what lets us in where a training has nothing to do."""
_LOG_BYTES = 200_000


def configure(here: Worktree, base: Revision, main: Path, cache: Path) -> None:
    """Have DVC work here as in the main checkout, with this cache. Raises PermanentActError when the commit has no DVC."""
    config = here.path / ".dvc"
    if not (config / "config").is_file():
        raise PermanentActError(f"there is no .dvc/config in {short(base)}", help="dvc init, then git commit .dvc")
    local = config / "config.local"
    local.unlink(missing_ok=True)
    descriptor = os.open(local, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor, not a path
        file.write(training_config(main, cache))


def environment_of(here: Worktree, environment: Mapping[str, str]) -> dict[str, str]:
    """What the stages get: this Python first on the path, the checkout's own code, nothing of a git or DVC that calls us."""
    passed = {k: v for k, v in environment.items() if not k.startswith(_NOT_PASSED_ON)}
    path = os.pathsep.join(part for part in (str(Path(sys.executable).parent), passed.get("PATH", "")) if part)
    ours = {"PATH": path, "DVC_SITE_CACHE_DIR": str(here.path / ".dvc" / "tmp" / "site")}
    return passed | _QUIET | ours | code_of(here, passed.get("PYTHONPATH", ""))


def redacted_log(here: Worktree, root: Path, environment: Mapping[str, str]) -> str:
    """The end of the log, without secrets and this machine's places."""
    places = {here.path: ".", main_checkout(root): "<checkout>", Path(sys.prefix): "<python>"}
    if home := environment.get("HOME"):
        places[Path(home)] = "~"
    with here.log.open("rb") as file:
        file.seek(max(0, here.log.stat().st_size - _LOG_BYTES))
        return redact(file.read().decode(errors="replace"), environment, places)
