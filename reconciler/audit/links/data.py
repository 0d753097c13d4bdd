"""Link `data`: the rows that DVC keeps of the run are those whose digest the release names."""

import json
from collections.abc import Iterator
from pathlib import Path

from reconciler.audit.claims import Claim
from reconciler.audit.links.artifact import NOT_HERE, how_to_pull
from reconciler.audit.links.lock import SNAPSHOT, files_at
from reconciler.audit.sums import Sums, sums_of
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.names import run_path, short
from reconciler.domain.releases import digest_of
from reconciler.errors import ReconcilerError
from reconciler.plan.bookkeeping import LOCK, locked_outputs
from reconciler.ports import Cache

DATA = "data"


class BrokenLinkError(Exception):
    """The snapshot cannot be put together; the text says why. `missing`: because a part of it is not on this machine."""

    def __init__(self, message: str, *, missing: bool = False) -> None:
        super().__init__(message)
        self.missing = missing


def judge_data(claim: Claim) -> Judgement:
    """The folder's list and each file have the MD5 by which DVC keeps them, and the SHA-256s give the release's data digest."""
    path = run_path(claim.model, SNAPSHOT)
    try:
        sums = snapshot_sums(claim, path)
    except BrokenLinkError as error:
        if error.missing:
            return unknown(DATA, NOT_HERE, str(error), remedy=how_to_pull(claim, path))
        return no(DATA, "otherBytes", str(error), remedy=how_to_pull(claim, path))
    found = digest_of({name.removesuffix(".parquet"): one.sha256 for name, one in sums.items()})
    wanted = claim.release.build.data.digest
    if found != wanted:
        message = f"{path} in DVC's cache has digest {short(found)}, the release was made from {short(wanted)}"
        return no(DATA, "otherRows", message)
    size = sum(one.size for one in sums.values())
    return yes(DATA, "whole", f"{len(sums)} files, {size:,} bytes, with the released digest")


def snapshot_sums(claim: Claim, path: str) -> dict[str, Sums]:
    """Name to checksums of the snapshot's files. Raises BrokenLinkError."""
    return {name: sums for name, (_, sums) in _snapshot(claim, path).items()}


def snapshot_places(claim: Claim, path: str) -> dict[str, Path]:
    """Name to where DVC keeps each of the snapshot's files, checked. Raises BrokenLinkError."""
    return {name: kept for name, (kept, _) in _snapshot(claim, path).items()}


def bring_data(claim: Claim) -> None:
    """Have the DVC remote bring the artifact and the snapshot, as far as it has them; what is missing then is told elsewhere."""
    cache, path = claim.readers.cache, run_path(claim.model, SNAPSHOT)
    if cache is None:
        return
    try:
        cache.bring([claim.release.build.artifact.md5, md5 := _md5_of(claim, path)])
        cache.bring([part for _, part in _listed(cache, md5, path)])
    except BrokenLinkError:
        return


def _snapshot(claim: Claim, path: str) -> dict[str, tuple[Path, Sums]]:
    cache = claim.readers.cache
    if cache is None:
        raise BrokenLinkError("there is no DVC cache to look into", missing=True)
    md5 = _md5_of(claim, path)
    return {name: _checked(cache, part, f"{path}/{name}") for name, part in sorted(_listed(cache, md5, path))}


def _md5_of(claim: Claim, path: str) -> str:
    """By which DVC keeps it. Raises BrokenLinkError."""
    if claim.origin is None:
        raise BrokenLinkError("the ledger does not say which commit released it", missing=True)
    try:
        return locked_outputs(files_at(claim, claim.origin).get(LOCK, b"").decode(), claim.model)[path][0]
    except (ReconcilerError, UnicodeDecodeError, KeyError) as error:
        raise BrokenLinkError(f"{LOCK} does not say what {path} was: {error}") from error


def _listed(cache: Cache, md5: str, path: str) -> Iterator[tuple[str, str]]:
    """(name, MD5) of the files of a folder that DVC keeps."""
    kept, _ = _checked(cache, md5, path)
    try:
        for entry in json.loads(kept.read_bytes()):
            yield str(entry["relpath"]), str(entry["md5"])
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenLinkError(f"what DVC keeps of {path} is no list of files: {error}") from error


def _checked(cache: Cache, md5: str, path: str) -> tuple[Path, Sums]:
    kept = cache.find(md5)
    if kept is None:
        raise BrokenLinkError(f"{path} (MD5 {md5}) is not in DVC's cache on this machine", missing=True)
    try:
        sums = sums_of(kept)
    except OSError as error:
        raise BrokenLinkError(f"{path} in DVC's cache cannot be read: {error.strerror}", missing=True) from error
    if sums.md5 != md5.removesuffix(".dir"):
        raise BrokenLinkError(f"{path} in DVC's cache has MD5 {sums.md5}, it is kept as {md5}")
    return kept, sums
