"""Links `evidence`, `statement` and `signature`: as the reconciler checks them before it acts, on the files as they are."""

from collections.abc import Iterator

from reconciler.audit.claims import Claim
from reconciler.domain.judgements import Judgement, yes
from reconciler.domain.names import bundle_path, evidence_path, provenance_path, signature_path
from reconciler.observe.proofs import SIGNATURE, judge_signatures
from reconciler.plan.proof import judge_evidence, judge_statement


def judge_proofs(claim: Claim) -> Iterator[Judgement]:
    """The gate report, the statement, and each signature."""
    name, digest = claim.model, claim.digest
    files = claim.files(*(path(name, digest) for path in (evidence_path, provenance_path, signature_path, bundle_path)))
    yield judge_evidence(claim.release, files)
    yield judge_statement(claim.release, files)
    signatures = judge_signatures(claim.release, files, claim.trust, claim.readers.verifier)
    yield from signatures
    if not signatures:
        yield yes(SIGNATURE, "notRequired", "nobody's signature is asked for")
