"""Link `source`: the commit that it was trained from is on main, and what it says gives the digests that the release names."""

from dataclasses import asdict

from reconciler.audit.claims import Claim
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.names import Revision, provenance_path, short
from reconciler.domain.provenance import Provenance
from reconciler.domain.releases import Fingerprint
from reconciler.errors import ReconcilerError
from reconciler.specs.fingerprint import fingerprint
from reconciler.specs.load import load_specs
from reconciler.specs.parameters import RunParameters
from reconciler.specs.paths import SPEC_PREFIXES

SOURCE = "source"
_READER = "reconciler/specs"


def judge_source(claim: Claim) -> Judgement:
    """Spec, code, parameters and environment, computed again from the commit."""
    said = claim.provenance(provenance_path(claim.model, claim.digest))
    if said is None:
        return unknown(SOURCE, "noStatement", "no statement that can be read says what it was trained from")
    if not claim.books.repository.contains(claim.books.seen.head, said.base):
        message = f"main's history has no commit {short(said.base)}, from which the statement says it was trained"
        return no(SOURCE, "noCommit", message, remedy="git fetch --unshallow")
    try:
        found = _fingerprint(claim, said)
    except ReconcilerError as error:
        return unknown(SOURCE, "unreadable", f"what main said at {short(said.base)} cannot be read: {error.message}")
    written = claim.release.build.made_from
    if different := found.differences(written):
        there, here = asdict(found), asdict(written)
        both = ", ".join(f"{part} {short(there[part])} there, {short(here[part])} released" for part in different)
        if different == ("spec",) and _reads_otherwise(claim, said.base):
            message = f"this Perennial reads specs otherwise than that of {short(said.base)}: {both}"
            return unknown(SOURCE, "otherPerennial", message, remedy=f"perennial audit {claim.model} --reproduce")
        return no(SOURCE, "otherSource", f"the commit {short(said.base)} says otherwise: {both}")
    return yes(SOURCE, "agrees", f"spec, code, parameters and environment are those of {short(said.base)} on main")


def _reads_otherwise(claim: Claim, base: Revision) -> bool:
    """The code that reads specs stands in the repository, and has changed since: a new default alone makes another digest."""
    then, now = (claim.books.repository.files(revision, _READER) for revision in (base, claim.books.seen.head))
    return bool(then) and then != now


def _fingerprint(claim: Claim, said: Provenance) -> Fingerprint:
    """Raises ReconcilerError when the commit has no such model, or specs that do not load."""
    files = claim.books.repository.files(said.base, *SPEC_PREFIXES)
    specs = load_specs(files)
    if claim.model not in specs.models:
        raise ReconcilerError(f"there is no model {claim.model}")
    model = specs.models[claim.model]
    data = said.build.data
    parameters = RunParameters(dataset=data.dataset, as_of=data.as_of, seed=said.seed, champion=said.champion)
    return fingerprint(files, model, specs.datasets[model.spec.dataset], parameters)
