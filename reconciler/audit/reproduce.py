"""Makes a release again from Git and DVC in a scratch worktree, and compares what comes out with what was released."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from reconciler.audit.claims import Claim
from reconciler.audit.installed import environment_doubt
from reconciler.audit.links.data import BrokenLinkError, snapshot_places
from reconciler.audit.links.lock import files_at
from reconciler.domain.judgements import Answer, Judgement, no, unknown, yes
from reconciler.domain.names import Digest, provenance_path, run_path, short
from reconciler.domain.provenance import Provenance
from reconciler.domain.rebuilding import RebuildFailed, RebuildOrder, Rebuilt, RowsFrom
from reconciler.domain.releases import Build
from reconciler.errors import ReconcilerError
from reconciler.pipeline.build_json import read_build
from reconciler.plan.bookkeeping import PARAMETERS, narrow_parameters, text_of
from reconciler.ports import Rebuilder
from reconciler.specs.parameters import RunParameters

REPRODUCED = "reproduced"
_RECORDS = ("snapshot.json", "definition.json")
_NUMBERS = ("evaluation.json", "validation.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduction:
    """What came of one version. `parts` compares the digests, released and made again; `rows` says where the rows came from."""

    model: str
    version: str
    digest: Digest
    rows: str
    parts: tuple[Judgement, ...]

    @property
    def answer(self) -> Answer:
        """YES when every part is the same, and there is one."""
        answers = {part.answer for part in self.parts}
        if Answer.NO in answers:
            return Answer.NO
        return Answer.UNKNOWN if Answer.UNKNOWN in answers or not answers else Answer.YES


def reproduce(claim: Claim, rebuilder: Rebuilder) -> Reproduction:
    """Run everything again. What cannot be tried is UNKNOWN: no statement, another environment than it was made in, no rows."""
    said = claim.provenance(provenance_path(claim.model, claim.digest))
    doubt = _no_statement(claim) if said is None else environment_doubt(claim, said.base)
    if said is None or doubt is not None:
        return _told(claim, "", *((doubt,) if doubt else ()))
    try:
        order = order_of(claim, said)
    except (ReconcilerError, BrokenLinkError, UnicodeDecodeError) as error:
        return _told(claim, "", unknown(REPRODUCED, "noOrder", f"what it was made from cannot be put together: {error}"))
    match rebuilder.rebuild(order):
        case RebuildFailed(stage=stage, message=message):
            return _told(claim, "", unknown(REPRODUCED, "failed", f"{stage} failed: {message}"))
        case Rebuilt() as made:
            kept = "read again from the source" if made.rows_from is RowsFrom.SOURCE else f"from DVC's cache, because {made.why}"
            return _told(claim, kept, *_compared(claim, made.files))


def _told(claim: Claim, rows: str, *parts: Judgement) -> Reproduction:
    release = claim.release
    return Reproduction(model=claim.model, version=release.version, digest=claim.digest, rows=rows, parts=parts)


def _no_statement(claim: Claim) -> Judgement:
    path = provenance_path(claim.model, claim.digest)
    return unknown(
        REPRODUCED, "noStatement", f"{path}, which says what it was made from, cannot be read", remedy="perennial audit --verify"
    )


def order_of(claim: Claim, said: Provenance) -> RebuildOrder:
    """What has to run. Raises ReconcilerError, BrokenLinkError or UnicodeDecodeError for what cannot be found any more."""
    data = said.build.data
    continues = data.lineage.continues if data.lineage else "none"
    entry = RunParameters(dataset=data.dataset, as_of=data.as_of, seed=said.seed, champion=said.champion, continues=continues)
    base = claim.books.repository.files(said.base, PARAMETERS)
    left = files_at(claim, claim.origin) if claim.origin else {}
    records = {path: left[path].decode() for name in _RECORDS if (path := run_path(claim.model, name)) in left}
    try:
        snapshot = snapshot_places(claim, run_path(claim.model, "snapshot"))
    except BrokenLinkError:
        snapshot = {}
    return RebuildOrder(
        model=claim.model,
        base=said.base,
        files={PARAMETERS: narrow_parameters(text_of(base, PARAMETERS), claim.model, entry)},
        records=records,
        snapshot=snapshot,
    )


def _compared(claim: Claim, made: Mapping[str, str]) -> list[Judgement]:
    """Digest by digest; then the numbers that the gates judged, which no digest of the release covers."""
    try:
        build = read_build(made.get(run_path(claim.model, "candidate.json"), ""))
    except ReconcilerError as error:
        return [no(REPRODUCED, "unreadable", f"the run left no build that can be read: {error}")]
    released, again = _parts(claim.release.build), _parts(build)
    parts = [_compare(name, released[name], again[name]) for name in released]
    left = files_at(claim, claim.origin) if claim.origin else {}
    for name in _NUMBERS:
        path = run_path(claim.model, name)
        if path in left:
            parts.append(_compare_numbers(name, left[path].decode(errors="replace"), made.get(path, "")))
    return parts


def _parts(build: Build) -> dict[str, str]:
    return {"data": build.data.digest, **asdict(build.made_from), "artifact": build.artifact.sha256, "release": build.digest}


def _compare(name: str, released: str, again: str) -> Judgement:
    if released == again:
        return yes(name, "same", short(released))
    return no(name, "differs", f"released was {short(released)}, made again is {short(again)}")


def _compare_numbers(name: str, released: str, again: str) -> Judgement:
    if released == again:
        return yes(name, "same", "the same numbers, byte for byte")
    return no(name, "differs", f"other numbers: {', '.join(sorted(_differing(released, again))) or 'it cannot be read'}")


def _differing(released: str, again: str) -> set[str]:
    """Top-level keys whose values differ."""
    try:
        one, other = json.loads(released), json.loads(again)
        return {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}
    except (ValueError, AttributeError, RecursionError):
        return set()
