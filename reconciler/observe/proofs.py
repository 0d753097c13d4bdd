"""What main's own files prove of every release: gate report and statement agree with the release file."""

from collections.abc import Mapping

from reconciler.domain.names import provenance_path
from reconciler.domain.proofs import Proof
from reconciler.domain.releases import Release, digest_of_bytes
from reconciler.plan.proof import judge_evidence, judge_statement
from reconciler.specs.specs import Specs

Proofs = Mapping[str, Mapping[str, Proof]]
"""By model and environment."""


def proofs_of(specs: Specs) -> Proofs:
    """Of all releases; a release without files that prove it has a proof that objects."""
    return {
        model: {environment: proof_of(release, specs) for environment, release in releases.items()}
        for model, releases in specs.releases.items()
    }


def proof_of(release: Release, specs: Specs) -> Proof:
    """Of one release, from the files beside it."""
    statement = specs.files.get(provenance_path(release.build.model, release.digest))
    return Proof(
        statement=None if statement is None else digest_of_bytes(statement),
        links=(judge_evidence(release, specs.files), judge_statement(release, specs.files)),
    )
