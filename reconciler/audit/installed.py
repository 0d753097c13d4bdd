"""Whether what is installed here is what the lock of a commit pins; another environment makes other bytes, and proves nothing."""

import json
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from packaging.markers import InvalidMarker, Marker
from packaging.utils import canonicalize_name

from reconciler.audit.claims import Claim
from reconciler.domain.judgements import Judgement, unknown
from reconciler.domain.names import Revision, short
from reconciler.domain.releases import digest_of_bytes
from reconciler.errors import ObserveError, ReconcilerError
from reconciler.pipeline.artifact import ENVIRONMENT as MADE_IN
from reconciler.pipeline.artifact import environment_versions, packaged_files
from reconciler.specs.fingerprint import LOCK_FILE

ENVIRONMENT = "environment"
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?$")
_NAMED = 5


def environment_doubt(claim: Claim, base: Revision) -> Judgement | None:
    """UNKNOWN with both versions of each package that is installed here otherwise than the commit pins it; None when none is."""
    try:
        lock = claim.books.repository.files(base, LOCK_FILE).get(LOCK_FILE, b"")
    except ObserveError as error:
        return unknown(ENVIRONMENT, "noCommit", f"the commit {short(base)} cannot be read: {error.message}", remedy="git fetch")
    pinned = differences(lock.decode(errors="replace"))
    different = list(dict.fromkeys([*_made_with(claim), *pinned]))
    if not different:
        return None
    named = ", ".join(f"{name} {pinned} then, {found} here" for name, pinned, found in different[:_NAMED])
    more = f" and {len(different) - _NAMED} more" if len(different) > _NAMED else ""
    message = f"it was made in another environment than this one ({short(digest_of_bytes(lock))}): {named}{more}"
    remedy = f"in a virtual environment of its own: git show {short(base)}:{LOCK_FILE} > lock.txt; pip install -r lock.txt"
    return unknown(ENVIRONMENT, "otherEnvironment", message, remedy=remedy)


def _made_with(claim: Claim) -> Iterator[tuple[str, str, str]]:
    """The same for what the artifact itself says that it was made with, which no lock pins: the Python above all."""
    artifact = claim.release.build.artifact
    kept = claim.readers.cache.find(artifact.md5) if claim.readers.cache else None
    try:
        said = json.loads(packaged_files(kept.read_bytes(), artifact.path)[MADE_IN]) if kept else {}
    except (OSError, ReconcilerError, ValueError):
        return
    here = environment_versions()
    yield from ((name, str(said[name]), here[name]) for name in here if name in said and said[name] != here[name])


def differences(lock: str) -> Iterator[tuple[str, str, str]]:
    """(package, version in the lock, version installed). What is not installed here was not needed to run."""
    for line in lock.splitlines():
        pin = _PIN.match(line)
        if pin is None or not _applies(pin[3]):
            continue
        try:
            found = version(pin[1])
        except PackageNotFoundError:
            continue
        if found != pin[2]:
            yield canonicalize_name(pin[1]), pin[2], found


def _applies(marker: str | None) -> bool:
    try:
        return marker is None or Marker(marker).evaluate()
    except InvalidMarker:
        return True
