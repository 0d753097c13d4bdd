"""What main's own files prove of every release: gate report, statement and signature agree with the release file."""

from collections.abc import Mapping
from functools import lru_cache

from reconciler.domain.judgements import Judgement, no, unknown
from reconciler.domain.names import SIGNING, bundle_path, evidence_path, provenance_path, signature_path
from reconciler.domain.proofs import Proof
from reconciler.domain.releases import Release, digest_of_bytes
from reconciler.domain.signing import Identity, Trust
from reconciler.plan.proof import judge_evidence, judge_statement
from reconciler.ports import Verifier
from reconciler.specs.specs import Specs

SIGNATURE = "signature"
"""The link's name."""

Proofs = Mapping[str, Mapping[str, Proof]]
"""By model and environment."""


def proofs_of(specs: Specs, verifier: Verifier | None) -> Proofs:
    """Of all releases; a release without files that prove it has a proof that objects."""
    trust = trust_of(specs)
    return {
        model: {environment: proof_of(release, specs.files, trust, verifier) for environment, release in releases.items()}
        for model, releases in specs.releases.items()
    }


def trust_of(specs: Specs) -> Trust:
    """Whose signatures count, by what main says."""
    signing = specs.settings.signing
    return Trust(
        required=signing.required,
        keys={path: content for path, content in specs.files.items() if path.startswith(f"{SIGNING}/") and path.endswith(".pub")},
        identities=tuple(Identity(identity=one.identity, issuer=one.issuer) for one in signing.identities),
    )


def proof_of(release: Release, files: Mapping[str, bytes], trust: Trust, verifier: Verifier | None) -> Proof:
    """Of one release, from the files beside it."""
    name, digest = release.build.model, release.digest
    statement = files.get(provenance_path(name, digest))
    return Proof(
        statement=None if statement is None else digest_of_bytes(statement),
        links=(
            *_judged(release, files.get(evidence_path(name, digest)), statement),
            *judge_signatures(release, files, trust, verifier),
        ),
    )


@lru_cache(maxsize=2_000)
def _judged(release: Release, evidence: bytes | None, statement: bytes | None) -> tuple[Judgement, Judgement]:
    """Gate report and statement; a pass plans again and again over files that did not change."""
    name, digest = release.build.model, release.digest
    found = {evidence_path(name, digest): evidence, provenance_path(name, digest): statement}
    files = {path: content for path, content in found.items() if content is not None}
    return judge_evidence(release, files), judge_statement(release, files)


def judge_signatures(
    release: Release, files: Mapping[str, bytes], trust: Trust, verifier: Verifier | None
) -> tuple[Judgement, ...]:
    """One judgement for each signature that is there; one that is missing is NO only where signatures are required.

    Where nobody is trusted and nothing is required, signatures say nothing.
    """
    name, digest = release.build.model, release.digest
    statement = files.get(provenance_path(name, digest))
    found = [files[path] for path in (signature_path(name, digest), bundle_path(name, digest)) if path in files]
    if statement is None or not (trust.required or trust.keys or trust.identities):
        return ()
    if not found:
        missing = no(SIGNATURE, "unsigned", f"there is no {signature_path(name, digest)}, and signatures are required")
        return (missing,) if trust.required else ()
    if verifier is None:
        return (unknown(SIGNATURE, "noVerifier", "there is nothing to check the signature with"),)
    return tuple(verifier.verify(statement, content, trust) for content in found)
