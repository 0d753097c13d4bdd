"""Keyless signatures by sigstore: the identity of a CI job, a certificate of a few minutes, and a public log.

Signing needs the network, checking does not. Each signature is another, so a file that was signed once is signed again only
when its statement changes.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.signing import PAYLOAD_TYPE, Trust
from reconciler.errors import PermanentActError, TransientActError

if TYPE_CHECKING:
    from sigstore.oidc import IdentityToken

LINK = "signature"
_INSTALL = "pip install 'perennial[keyless]'"
_PERMIT = 'permissions: {id-token: write} in the workflow; or signing.method = "key" in pyproject.toml'


def ambient_token() -> str | None:
    """The identity token that the CI job may have; None where there is none to be had."""
    from sigstore.oidc import detect_credential

    return detect_credential()


class KeylessSigner:
    """Signer with the identity that `token` gives (as a raw OpenID Connect token)."""

    def __init__(self, token: Callable[[], str | None] = ambient_token) -> None:
        self.token = token

    def sign(self, statement: bytes) -> bytes:
        """The bundle. Raises PermanentActError without the package or an identity, TransientActError without the network."""
        try:
            from sigstore.errors import Error, NetworkError, TUFError
            from sigstore.oidc import IdentityError
        except ImportError as error:
            raise PermanentActError(f"keyless signing needs sigstore: {error}", help=_INSTALL) from error
        try:
            return _signed(statement, self._identity())
        except IdentityError as error:
            raise PermanentActError(f"keyless signing has no identity that counts: {error}", help=_PERMIT) from error
        except (NetworkError, TUFError) as error:
            raise TransientActError(f"sigstore cannot be reached: {error}", help="perennial reconcile") from error
        except Error as error:
            raise PermanentActError(f"sigstore did not sign: {error}", help=_PERMIT) from error

    def _identity(self) -> "IdentityToken":
        from sigstore.oidc import IdentityToken

        token = self.token()
        if token is None:
            raise PermanentActError(
                "keyless signing has no identity here: it works in a CI job that may ask for one", help=_PERMIT
            )
        return IdentityToken(token)


def _signed(statement: bytes, identity: "IdentityToken") -> bytes:
    from sigstore.dsse import Statement
    from sigstore.models import ClientTrustConfig
    from sigstore.sign import SigningContext

    with SigningContext.from_trust_config(ClientTrustConfig.production()).signer(identity) as signer:
        bundle = signer.sign_dsse(Statement(statement))
    return (bundle.to_json() + "\n").encode()


def verify_bundle(statement: bytes, content: bytes, trust: Trust) -> Judgement:
    """Whether the bundle holds this statement, signed by one of the identities; by the trust root that is on this machine."""
    try:
        from sigstore.errors import Error
        from sigstore.models import Bundle
        from sigstore.verify import Verifier, policy
    except ImportError as error:
        return unknown(LINK, "noSigstore", f"keyless signatures cannot be checked without sigstore: {error}", remedy=_INSTALL)
    if not trust.identities:
        return no(LINK, "nobodyTrusted", "it is signed keyless, and no identity counts: signing.identities is empty")
    any_of = policy.AnyOf([policy.Identity(identity=one.identity, issuer=one.issuer) for one in trust.identities])
    try:
        kind, payload = Verifier.production(offline=True).verify_dsse(Bundle.from_json(content), any_of)
    except Error as error:
        return no(LINK, "wrongSignature", f"the bundle does not hold: {str(error).splitlines()[0]}")
    if (kind, payload) != (PAYLOAD_TYPE, statement):
        return no(LINK, "otherStatement", "the bundle holds another statement than the one beside it")
    return yes(LINK, "signed", f"signed keyless by {' or '.join(one.identity for one in trust.identities)}")
