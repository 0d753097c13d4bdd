"""Checks of the machine: git, Python, the pinned packages, the command on the path, room on the disk."""

import importlib.metadata
import platform
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from reconciler.adapters.diagnosis.asked import ask_git
from reconciler.domain.diagnosis import Finding, bad, doubt, good

OLDEST_GIT = (2, 38)
OLDEST_PYTHON = (3, 11)
LOCK, PERENNIAL = "requirements/lock.txt", "requirements/perennial.txt"
_VERSION = re.compile(r"^perennial==([A-Za-z0-9.+!-]+)\s*$")
_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*==\S+(?: *;[^\\\n]*)?)", re.MULTILINE)
_GIB = 1 << 30
_LITTLE, _TOO_LITTLE = 2 * _GIB, _GIB // 5
_NAMED = 5


def diagnose_machine(root: Path, environment: Mapping[str, str]) -> list[Finding]:
    """All checks that need no repository but for its lock file."""
    return [
        git_version(root, environment),
        python_version(sys.version_info[:3]),
        packages(root),
        *perennial(root),
        command(environment),
        disk(root),
    ]


def git_version(root: Path, environment: Mapping[str, str]) -> Finding:
    """Git is there, and new enough to merge without a working tree."""
    wanted = ".".join(map(str, OLDEST_GIT))
    said = ask_git(root, environment, "--version")
    found = re.search(r"(\d+)\.(\d+)(\.\d+)*", said or "")
    if found is None:
        return bad("git", "git cannot be started", f"install git {wanted} or newer")
    if (int(found[1]), int(found[2])) < OLDEST_GIT:
        return bad("git", f"git {found[0]}, {wanted} needed", f"install git {wanted} or newer")
    return good("git", f"git {found[0]}, at least {wanted} needed")


def python_version(version: tuple[int, ...]) -> Finding:
    """Python is new enough."""
    found, wanted = ".".join(map(str, version)), ".".join(map(str, OLDEST_PYTHON))
    if version < OLDEST_PYTHON:
        return bad("python", f"Python {found}, {wanted} needed", "make setup PYTHON=python3.12")
    return good("python", f"{platform.python_implementation()} {found}, at least {wanted} needed")


def packages(root: Path) -> Finding:
    """What is installed is what the lock file pins, because it is part of what a model is made from."""
    lock = root / LOCK
    if not lock.is_file():
        return doubt("packages", f"there is no {LOCK}, so nobody can train again what you train", "make lock")
    try:
        pinned = pins(lock.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return bad("packages", f"{LOCK} cannot be read: {str(error).splitlines()[0]}", "make lock")
    found = {name: installed(name) for name in sorted(pinned)}
    other = [f"{name} {has} (pinned {pinned[name]})" for name, has in found.items() if has not in (None, pinned[name])]
    absent = [name for name, has in found.items() if has is None]
    if other:
        return doubt("packages", f"{len(other)} of {len(pinned)} packages differ from {LOCK}: {_named(other)}", "make setup")
    if absent:
        said = f"{len(absent)} of {len(pinned)} packages of {LOCK} are not installed: {_named(absent)}"
        return doubt("packages", said, "make setup")
    return good("packages", f"all {len(pinned)} packages are those of {LOCK}")


def perennial(root: Path) -> list[Finding]:
    """What runs here is the version that the repository names, where it names one: another makes other models."""
    pinned = root / PERENNIAL
    try:
        lines = pinned.read_text(encoding="utf-8").splitlines() if pinned.is_file() else []
    except (OSError, ValueError) as error:
        return [bad("perennial", f"{PERENNIAL} cannot be read: {str(error).splitlines()[0]}", f"git checkout -- {PERENNIAL}")]
    named = next((found[1] for line in lines if (found := _VERSION.match(line))), None)
    here = installed("perennial")
    if named is None:
        return []
    if here != named:
        return [doubt("perennial", f"perennial {here} is here, {PERENNIAL} names {named}", "make setup")]
    return [good("perennial", f"perennial {here}, as {PERENNIAL} names it")]


def _named(names: list[str]) -> str:
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


def pins(lock: str) -> dict[str, str]:
    """Name to version of every pin whose marker fits this interpreter."""
    from packaging.requirements import Requirement

    found = [Requirement(line.strip()) for line in _PINNED.findall(lock)]
    fitting = [one for one in found if one.marker is None or one.marker.evaluate()]
    return {one.name: str(one.specifier).removeprefix("==") for one in fitting}


def installed(name: str) -> str | None:
    """The version that is installed; None when none is."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def command(environment: Mapping[str, str]) -> Finding:
    """`perennial` is found where DVC's stages look for it, and is this very one."""
    found, here = shutil.which("perennial", path=environment.get("PATH", "")), Path(sys.executable).parent
    remedy = f'export PATH="{here}:$PATH"'
    if found is None:
        return doubt("command", "perennial is not on the PATH, so `dvc repro` by hand cannot call it", remedy)
    if Path(found).parent.resolve() != here.resolve():
        return doubt("command", f"perennial on the PATH is {found}, not that of {here}", remedy)
    return good("command", f"perennial on the PATH is {found}")


def disk(root: Path) -> Finding:
    """There is room for data and models where the repository is."""
    return room(shutil.disk_usage(root).free)


def room(free: int) -> Finding:
    """So many bytes are enough."""
    said, remedy = f"{free / _GIB:.1f} GiB free, {_LITTLE / _GIB:g} GiB wanted", "dvc gc --workspace --all-branches --all-tags"
    if free < _TOO_LITTLE:
        return bad("disk", said, f"make room: {remedy}")
    return doubt("disk", said, remedy) if free < _LITTLE else good("disk", said)
