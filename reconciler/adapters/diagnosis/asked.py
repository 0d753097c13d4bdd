"""Used by the checks: one short question to git, as the person at the keyboard would ask it."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

_SECONDS = 20


def ask_git(where: Path, environment: Mapping[str, str], *args: str) -> str | None:
    """The answer without its last line's end; None when git says no, is not there, or does not answer.

    Unlike all other use of git this sees the person's own configuration, because that is what is being checked.
    """
    quiet = {**environment, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(["git", "-C", str(where), *args], capture_output=True, env=quiet, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode(errors="replace").rstrip("\n") if done.returncode == 0 else None
