"""Links `ledger` and `record`: the ledger is whole, and says of each environment what main's history says."""

from collections.abc import Iterator

from reconciler.audit.books import Books
from reconciler.audit.claims import Claim, commit_in, release_at
from reconciler.audit.versions import RAN
from reconciler.domain.judgements import Judgement, no, yes
from reconciler.domain.names import provenance_path, release_path, short
from reconciler.domain.releases import digest_of_bytes
from reconciler.observe.ledger import how_to_look, ledger_path

LEDGER, RECORD = "ledger", "record"
_RECORD_IT = "perennial release"


def judge_ledger(books: Books) -> Judgement:
    """Every line follows the one before it."""
    chain = books.seen.chain(books.name)
    if chain.broken:
        return no(LEDGER, "brokenChain", chain.broken, remedy=how_to_look(ledger_path(books.name)))
    return yes(LEDGER, "whole", f"{len(chain.events)} lines, each chained to the one before")


def judge_environment(claim: Claim, environment: str) -> Judgement:
    """The newest line about the environment names this digest and version, and the commit that last wrote the release file."""
    moves = [event for event in claim.books.events if event.kind in RAN and event.details.get("environment") == environment]
    introduced = claim.books.repository.last_change(claim.books.seen.head, release_path(claim.model, environment))
    if not moves:
        return no(RECORD, "notRecorded", f"no line says that {environment} runs anything", remedy=_RECORD_IT)
    said = moves[-1].details
    for key, wanted in (("digest", claim.digest), ("version", claim.release.version), ("commit", introduced or "none")):
        if said.get(key) != wanted:
            where = f"{moves[-1].id}: {environment} runs {key} {said.get(key)}, main says {wanted}"
            return no(RECORD, "otherRecord", where, remedy=f"git log -p main -- {release_path(claim.model, environment)}")
    return yes(RECORD, "agrees", f"{environment}: the newest line names the commit {short(introduced or '')} that brought it")


def judge_moves(claim: Claim) -> Judgement:
    """Each commit that the ledger names is in main's history, and its release file has this digest."""
    for event in claim.moves:
        commit, environment = commit_in(event), str(event.details.get("environment", ""))
        if len(commit) != 40 or not claim.books.repository.contains(claim.books.seen.head, commit):
            return no(RECORD, "noCommit", f"{event.id}: main's history has no commit {short(commit)}", remedy="git fetch")
        found = release_at(claim.books, commit, environment)
        if found is None or (found.digest, found.version) != (claim.digest, event.details.get("version")):
            said = f"{found.version} {short(found.digest)}" if found else "no release"
            return no(RECORD, "otherRelease", f"{event.id}: the commit {short(commit)} released {said} to {environment}")
    if not claim.moves:
        return no(RECORD, "notRecorded", f"no line says that {claim.release.version} ran", remedy=_RECORD_IT)
    return yes(RECORD, "agrees", f"{len(claim.moves)} lines name commits on main that released it")


def judge_statement_recorded(claim: Claim) -> Judgement:
    """The newest line about the digest has the SHA-256 of the statement as it is now."""
    path = provenance_path(claim.model, claim.digest)
    statement = claim.files(path).get(path)
    recorded = [str(event.details["statement"]) for event in claim.moves if "statement" in event.details]
    if statement is None or not recorded:
        return no(RECORD, "noStatement", f"the ledger has no SHA-256 of {path}")
    if recorded[-1] != digest_of_bytes(statement):
        said = f"the ledger says {short(recorded[-1])} of {path}, its SHA-256 is {short(digest_of_bytes(statement))}"
        return no(RECORD, "otherStatement", said, remedy=f"git log -p main -- {path}")
    return yes(RECORD, "agrees", "the ledger has the statement's SHA-256")


def judge_records(claim: Claim) -> Iterator[Judgement]:
    """All of these."""
    yield judge_moves(claim)
    yield judge_statement_recorded(claim)
    for environment in claim.environments:
        yield judge_environment(claim, environment)
