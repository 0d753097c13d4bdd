"""Runs git: one place with one safe environment, so that nobody's configuration changes what Perennial does."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import PIPE
from typing import Any

from reconciler.adapters.redaction import redact
from reconciler.errors import ObserveError, PermanentActError, TransientActError

_SAFE = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_SETTINGS = (
    "advice.detachedHead=false",
    "commit.gpgSign=false",
    "core.autocrlf=false",
    "core.filesRefLockTimeout=2000",
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.protectHFS=true",
    "core.protectNTFS=true",
    "core.quotePath=false",
    "gc.auto=0",
    "i18n.commitEncoding=utf-8",
    "merge.renames=true",
)
_ONLINE = ("http.lowSpeedLimit=100", "http.lowSpeedTime=60", "maintenance.auto=false", "push.pushOption=")
"""A server that says nothing for a minute is gone."""
_PERSONAL = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM")
_WAYS = ("GIT_ALLOW_PROTOCOL", "GIT_ASKPASS", "GIT_CONFIG", "GIT_HTTP", "GIT_PROXY", "GIT_SSH", "GIT_SSL")
"""Variables about how to reach a remote."""
_SHOWN = 2000
_TRIES, _PAUSE = 8, 0.03
_HELP = "df -h . /tmp; ls -ld .git; then run again"


@contextlib.contextmanager
def writing_to(what: str) -> Iterator[None]:
    """Raises PermanentActError for a full disk, missing rights and the like, while `what` is written."""
    try:
        yield
    except OSError as error:
        raise PermanentActError(f"{what} cannot be written: {error.strerror or error}", help=_HELP) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class GitAnswer:
    """What one git process said."""

    code: int
    out: bytes
    err: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GitProcess:
    """Git on one git directory. `environment` is what wiring hands in; its GIT_* variables are not passed on.

    One that is `online` talks to a remote: it knows the ways there that the person's configuration and environment name, such
    as proxies, keys and credential helpers. It never asks at the terminal.
    """

    git_dir: Path
    environment: Mapping[str, str]
    work_tree: Path | None = None
    timeout: float = 120.0
    online: bool = False

    def at(self, *, git_dir: Path, work_tree: Path) -> "GitProcess":
        """The same, on another working tree of the repository."""
        return replace(self, git_dir=git_dir, work_tree=work_tree)

    def attempt(
        self, *args: str, stdin: bytes = b"", extra: Mapping[str, str] | None = None, keep: tuple[int, ...] = ()
    ) -> GitAnswer:
        """Run and return, whatever the exit code. `keep` are descriptors that the process inherits.

        Raises TransientActError when git does not end in time, PermanentActError when it cannot be started.
        """
        command = ["git", f"--git-dir={self.git_dir}"]
        if self.work_tree:
            command.append(f"--work-tree={self.work_tree}")
        command += [part for setting in (*_SETTINGS, *(_ONLINE if self.online else ())) for part in ("-c", setting)]
        try:
            done = _run(
                [*command, *args],
                stdin,
                self.timeout,
                env=self._environment() | dict(extra or {}),
                cwd=self.work_tree or self.git_dir,
                pass_fds=keep,
                start_new_session=self.online,
            )
        except subprocess.TimeoutExpired as error:
            raise TransientActError(f"git {args[0]} did not end within {self.timeout:g} s", help="perennial reconcile") from error
        except OSError as error:
            raise PermanentActError(f"git cannot be started: {error.strerror}", help="perennial doctor") from error
        return GitAnswer(code=done.returncode, out=done.stdout, err=self._shown(done.stderr) or _killed_by(done.returncode))

    def about_worktrees(self, *args: str, keep: tuple[int, ...] = ()) -> GitAnswer:
        """As `attempt`, for `git worktree`, which takes one that another process is just making or removing for damage."""
        answer = self.attempt("worktree", *args, keep=keep)
        for _ in range(_TRIES):
            if not answer.code:
                break
            time.sleep(_PAUSE)
            answer = self.attempt("worktree", *args, keep=keep)
        return answer

    def read(self, *args: str, stdin: bytes = b"") -> bytes:
        """The output of a command that only looks. Raises ObserveError."""
        try:
            answer = self.attempt(*args, stdin=stdin)
        except (TransientActError, PermanentActError) as error:
            raise ObserveError(error.message, help=error.help) from error
        if answer.code:
            raise ObserveError(f"git {args[0]} failed: {answer.err}", help="git fsck")
        return answer.out

    def write(self, *args: str, stdin: bytes = b"", extra: Mapping[str, str] | None = None) -> bytes:
        """The output of a command that writes objects. Raises ActError."""
        answer = self.attempt(*args, stdin=stdin, extra=extra)
        if answer.code:
            raise PermanentActError(f"git {args[0]} failed: {answer.err}", help=_HELP)
        return answer.out

    def _environment(self) -> dict[str, str]:
        ways = _WAYS if self.online else ()
        passed = {k: v for k, v in self.environment.items() if not k.startswith("GIT_") or k.startswith(ways)}
        return passed | {k: v for k, v in _SAFE.items() if not self.online or k not in _PERSONAL}

    def _shown(self, stderr: bytes) -> str:
        text = stderr[-_SHOWN:].decode(errors="replace").strip()
        return redact(text, self.environment, {self.work_tree or self.git_dir: "."})


def _run(command: list[str], stdin: bytes, timeout: float, **given: Any) -> subprocess.CompletedProcess[bytes]:
    """As `subprocess.run`; when the time is up, what git has started in a session of its own (ssh, a transport) ends with it."""
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=PIPE, **given) as process:
        try:
            out, err = process.communicate(stdin, timeout=timeout)
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                (os.killpg if given.get("start_new_session") else os.kill)(process.pid, signal.SIGKILL)
            raise
        return subprocess.CompletedProcess(command, process.returncode, out, err)


def _killed_by(code: int) -> str:
    """What to say of a git that ended without a word."""
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
