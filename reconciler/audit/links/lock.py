"""Link `lock`: at the commit that released it, dvc.lock names the artifact and the very files that the run left in Git."""

import hashlib
from collections.abc import Mapping

from reconciler.audit.claims import Claim
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.names import Revision, run_path, short
from reconciler.errors import ReconcilerError
from reconciler.pipeline.build_json import read_build
from reconciler.plan.bookkeeping import LOCK, locked_outputs

LOCKED = "lock"
CANDIDATE, SNAPSHOT = "candidate.json", "snapshot"


def judge_lock(claim: Claim) -> Judgement:
    """The artifact's MD5 and size, the MD5 of each file of the run in Git, and the build in candidate.json.

    Also as main has them now, while main's newest run is that of this release.
    """
    if claim.origin is None:
        return unknown(LOCKED, "notRecorded", "the ledger does not say which commit released it")
    try:
        files, now = files_at(claim, claim.origin), files_at(claim, claim.books.seen.head)
        if wrong := _disagreement(claim, files):
            return no(LOCKED, "otherRun", f"at {short(claim.origin)} {wrong}", remedy=f"git show {short(claim.origin)}")
        if _is_about(claim, now) and (wrong := _disagreement(claim, now)):
            return no(LOCKED, "otherRun", f"on main {wrong}", remedy=f"git log -p main -- {LOCK} runs/{claim.model}")
    except (ReconcilerError, UnicodeDecodeError) as error:
        return no(LOCKED, "unreadable", f"{LOCK} and runs/{claim.model} at {short(claim.origin)} cannot be read: {error}")
    count = sum(path in files for path in locked_outputs(files[LOCK].decode(), claim.model))
    return yes(LOCKED, "agrees", f"{LOCK} names the artifact and {count} files of the run")


def files_at(claim: Claim, revision: Revision) -> Mapping[str, bytes]:
    """dvc.lock and the run's files in Git as the commit has them. Raises ObserveError."""
    return claim.books.repository.files(revision, LOCK, f"runs/{claim.model}")


def _is_about(claim: Claim, files: Mapping[str, bytes]) -> bool:
    try:
        return read_build(files[run_path(claim.model, CANDIDATE)].decode()) == claim.release.build
    except (ReconcilerError, UnicodeDecodeError, KeyError):
        return False


def _disagreement(claim: Claim, files: Mapping[str, bytes]) -> str:
    """The first thing that dvc.lock or candidate.json say otherwise than the release or the files; empty when there is none.

    Raises ReconcilerError or UnicodeDecodeError for what cannot be read.
    """
    outputs = locked_outputs(files.get(LOCK, b"").decode(), claim.model)
    build, artifact = read_build(files.get(run_path(claim.model, CANDIDATE), b"").decode()), claim.release.build.artifact
    if build != claim.release.build:
        return f"{CANDIDATE} is about {short(build.digest)}, or says something otherwise than the release file"
    if (found := outputs.get(artifact.path)) != (artifact.md5, artifact.size):
        said = f"MD5 {found[0]}, {found[1]} bytes" if found else "nothing"
        return f"{LOCK} says {said} of {artifact.path}, the release file MD5 {artifact.md5}, {artifact.size} bytes"
    for path in sorted(outputs.keys() & files.keys()):
        if (actual := hashlib.md5(files[path], usedforsecurity=False).hexdigest()) != outputs[path][0]:
            return f"{LOCK} says MD5 {outputs[path][0]} of {path}, which has {actual}"
    return ""
