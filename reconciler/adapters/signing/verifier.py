"""The verifier port: tells the two kinds of signatures apart by their content."""

from reconciler.adapters.signing.keyless import verify_bundle
from reconciler.adapters.signing.keys import verify_envelope
from reconciler.domain.judgements import Judgement
from reconciler.domain.signing import Trust

_BUNDLE = b"application/vnd.dev.sigstore.bundle"


class Signatures:
    """Verifier of envelopes signed with a key, and of sigstore bundles."""

    def verify(self, statement: bytes, signature: bytes, trust: Trust) -> Judgement:
        """YES: this very statement, signed by somebody who counts."""
        if _BUNDLE in signature:
            return verify_bundle(statement, signature, trust)
        return verify_envelope(statement, signature, trust.keys)
