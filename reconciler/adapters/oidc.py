"""A CI job's identity: the token that GitHub's OpenID Connect issuer gives the job, for the cloud where the DVC remote is."""

import json
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from reconciler.errors import ObserveError

_SECONDS = 30
_LARGEST = 1 << 16
_HELP = "give the job `permissions: {id-token: write}`"


def job_token(address: str, secret: str, audience: str) -> str:
    """The token for the audience. `address` and `secret` are those that the runner gave the job. Raises ObserveError."""
    if urlsplit(address).scheme not in ("https", "http") or not secret:
        raise ObserveError("the job may not ask for an identity token", help=_HELP)
    joint = "&" if urlsplit(address).query else "?"
    request = Request(f"{address}{joint}{urlencode({'audience': audience})}", headers={"Authorization": f"bearer {secret}"})  # noqa: S310 - checked above
    try:
        with urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
            value = json.loads(answer.read(_LARGEST))["value"]
    except (URLError, OSError, ValueError, KeyError, TypeError) as error:
        raise ObserveError(f"the issuer of identity tokens did not give one: {error}", help=_HELP) from error
    if not isinstance(value, str) or not value.isascii() or not value.isprintable() or " " in value or not value:
        raise ObserveError("the issuer of identity tokens answered with something that is no token", help=_HELP)
    return value
