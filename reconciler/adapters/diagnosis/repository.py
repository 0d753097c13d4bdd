"""Checks of the repository: branch, identity, working tree, DVC, clock, and what killed runs left behind."""

import fcntl
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

from reconciler.adapters.diagnosis.asked import ask_git
from reconciler.adapters.dvc_config import cache_dir, default_remote, main_checkout, remote_url, reports_use
from reconciler.domain.diagnosis import Finding, bad, doubt, good
from reconciler.domain.names import MAIN
from reconciler.errors import ObserveError

_PACKAGES = {"s3": "dvc_s3", "gs": "dvc_gs", "azure": "dvc_azure", "ssh": "dvc_ssh"}
TOLERANCE = timedelta(minutes=5)
"""Clocks of two machines may differ by this much."""


def diagnose_repository(tree: Path, environment: Mapping[str, str], now: datetime) -> list[Finding]:
    """All checks of the repository whose working tree is `tree`; only one finding when there is none."""
    common = ask_git(tree, environment, "rev-parse", "--path-format=absolute", "--git-common-dir")
    if not common or ask_git(tree, environment, "rev-parse", "--show-toplevel") is None:
        return [bad("repository", f"{tree} is not in a git repository with a working tree", "git init -b main")]
    return [
        main_branch(tree, environment),
        identity(tree, environment),
        clean(tree, environment),
        clock(tree, environment, now),
        *dvc(tree),
        leftovers(Path(common)),
    ]


def top_of(place: Path, environment: Mapping[str, str]) -> Path:
    """The top of the working tree that holds the place; the place itself when there is none."""
    return Path(ask_git(place, environment, "rev-parse", "--show-toplevel") or place)


def main_branch(tree: Path, environment: Mapping[str, str]) -> Finding:
    """There is a branch main, which is what Perennial follows."""
    branch = ask_git(tree, environment, "rev-parse", "--abbrev-ref", "HEAD") or "a branch without commits"
    if ask_git(tree, environment, "rev-parse", "--verify", "--quiet", f"refs/heads/{MAIN}^{{commit}}") is None:
        return bad(
            "branch", f"there is no branch {MAIN} with a commit; here is {branch}", f"git branch -m {MAIN}, or commit first"
        )
    if branch != MAIN:
        return doubt("branch", f"{branch} is checked out; Perennial acts on {MAIN}", f"git switch {MAIN}")
    return good("branch", f"{MAIN} is checked out")


def identity(tree: Path, environment: Mapping[str, str]) -> Finding:
    """Git knows who commits."""
    name, mail = (ask_git(tree, environment, "config", key) for key in ("user.name", "user.email"))
    name, mail = name or environment.get("GIT_AUTHOR_NAME"), mail or environment.get("GIT_AUTHOR_EMAIL")
    if not name or not mail:
        remedy = "git config user.name 'Your Name' && git config user.email you@example.com"
        return bad("identity", "git does not know who you are, so it cannot commit", remedy)
    return good("identity", f"you commit as {name} <{mail}>")


def clean(tree: Path, environment: Mapping[str, str]) -> Finding:
    """What is edited but not committed does not exist for Perennial."""
    status = ask_git(tree, environment, "status", "--porcelain")
    count = len((status or "").splitlines())
    if status is None:
        return doubt("working tree", "git status did not answer", "git status")
    if count:
        files = "1 file is" if count == 1 else f"{count} files are"
        said = f"{files} changed or new and not committed: only what is on {MAIN} counts"
        return doubt("working tree", said, "git status, then commit what shall count")
    return good("working tree", "nothing is uncommitted")


def clock(tree: Path, environment: Mapping[str, str], now: datetime) -> Finding:
    """The clock is not behind the newest commit: schedules, cooldowns and label delays all count from it."""
    seconds = ask_git(tree, environment, "log", "-1", "--no-show-signature", "--format=%ct", "HEAD")
    if not seconds:
        return good("clock", f"it is {now:%Y-%m-%d %H:%M} UTC; there is no commit to compare with")
    try:
        head = datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return bad("clock", f"HEAD has no time that can be read: {seconds!a}", "git commit --amend --reset-author --no-edit")
    said = f"it is {now:%Y-%m-%d %H:%M} UTC, and HEAD was committed {head:%Y-%m-%d %H:%M} UTC"
    if head - now > TOLERANCE:
        return bad(
            "clock", f"the clock is {(head - now).total_seconds() / 60:.0f} minutes behind HEAD: {said}", "set the clock (NTP)"
        )
    return good("clock", said)


def dvc(tree: Path) -> list[Finding]:
    """DVC is initialised, can write its cache, tells nobody about it, and has a remote."""
    folder = main_checkout(tree) / ".dvc"
    if not (folder / "config").is_file():
        return [bad("dvc", f"{folder.name}/config does not exist", "dvc init && git commit -m 'Start DVC'")]
    try:
        reports, remote, cache = reports_use(folder.parent), default_remote(tree), cache_dir(folder.parent)
    except ObserveError as error:
        return [bad("dvc", error.message, error.help)]
    findings = [good("dvc", "initialised"), _cache(cache)]
    if reports:
        findings.append(doubt("telemetry", "DVC may report your use of it", "dvc config core.analytics false"))
    else:
        findings.append(good("telemetry", "DVC's is off; Perennial switches that of its own runs off too"))
    if remote is None:
        said = "no DVC remote: models and snapshots are on this machine only"
        return [*findings, doubt("remote", said, "dvc remote add --default storage s3://bucket/path")]
    return [*findings, _remote(tree, remote)]


def _remote(tree: Path, name: str) -> Finding:
    """The package for the remote's storage is there; whether the remote answers is not asked."""
    extra = remote_url(tree).partition("://")[0]
    package = _PACKAGES.get(extra)
    if package and find_spec(package) is None:
        return bad("remote", f"the DVC remote {name} needs {package.replace('_', '-')}", f"pip install 'perennial[{extra}]'")
    return good("remote", f"{name} is the default DVC remote")


def _cache(cache: Path) -> Finding:
    there = next(place for place in (cache, *cache.parents) if place.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        return bad("cache", f"DVC's cache {cache} cannot be written", f"chmod u+w {there}, or dvc cache dir DIRECTORY")
    return good("cache", f"DVC's cache is {cache}")


def leftovers(common: Path) -> Finding:
    """Locks and worktrees that nobody holds any more."""
    worktrees = [path for path in sorted((common / "perennial" / "worktrees").glob("*.lock")) if not _is_held(path)]
    locks = [path for name in ("index.lock", "packed-refs.lock", "HEAD.lock") if (path := common / name).exists()]
    locks += sorted((common / "refs").rglob("*.lock"))
    if locks:
        names = ", ".join(path.relative_to(common).as_posix() for path in locks[:5])
        return doubt("leftovers", f"{len(locks)} locks in {common}: {names}", "if no git runs, remove them")
    if worktrees:
        said = f"{len(worktrees)} worktrees of killed trainings in {common / 'perennial' / 'worktrees'}"
        return doubt("leftovers", said, "nothing to do: the next training removes them")
    return good("leftovers", "no stale locks or worktrees")


def _is_held(lock: Path) -> bool:
    """Somebody alive has the lock."""
    try:
        with lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
