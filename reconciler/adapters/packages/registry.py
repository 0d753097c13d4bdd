"""The few calls of the OCI distribution API that packages need, with its two ways to say who one is."""

import base64
import contextlib
import ipaddress
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests

from reconciler.adapters.packages.login import Login, login_for
from reconciler.adapters.redaction import redact
from reconciler.domain.packages import MANIFEST_TYPE
from reconciler.errors import ActError, ObserveError, PermanentActError, TransientActError

_CHALLENGE = re.compile(r'(\w+)="([^"]*)"')
_TIMEOUT = (10.0, 60.0)
"""Seconds to connect, and of the longest silence."""
_SHORT = 200
_LATER = (408, 425, 429)


class RefusedError(Exception):
    """The registry's answer is none of those that were hoped for."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status


FAILURES = (RefusedError, requests.RequestException, OSError)
"""What a call may raise."""


class Registry:
    """The repository `name` of the registry at `host`. Plain HTTP is spoken only within this machine."""

    def __init__(self, host: str, name: str, environment: Mapping[str, str]) -> None:
        self.host, self.name = host, name
        self._environment = environment
        self._root = f"{'http' if _is_here(host) else 'https'}://{host}"
        self._granted = ""

    def call(
        self, method: str, path: str, *hoped: int, body: bytes | Path | None = None, headers: Mapping[str, str] | None = None
    ) -> requests.Response:
        """The answer, if its status is one of those that are hoped for; its body is not read yet.

        Raises one of FAILURES, also ObserveError for a login that cannot be read.
        """
        url = urljoin(f"{self._root}/v2/{self.name}/", path)
        wanted = {"Accept": f"{MANIFEST_TYPE}, */*", "Accept-Encoding": "identity", **(headers or {})}
        answer = self._send(method, url, body, wanted)
        if answer.status_code == requests.codes.unauthorized and self._is_own(url):
            with answer:
                self._granted = self._permission(answer.headers.get("WWW-Authenticate", ""))
            answer = self._send(method, url, body, wanted)
        if answer.status_code not in hoped:
            with answer:
                raise RefusedError(answer.status_code, self._said(answer))
        return answer

    def blind(self, error: Exception) -> ObserveError:
        """For people: it does not tell what it has."""
        return ObserveError(f"{self} does not tell what it has: {self._reason(error)}", help=_remedy(error))

    def refused(self, error: Exception) -> ActError:
        """For people: it did not take something."""
        message = f"{self} did not take the package: {self._reason(error)}"
        lasting = isinstance(error, RefusedError) and error.status < 500 and error.status not in _LATER
        return (PermanentActError if lasting else TransientActError)(message, help=_remedy(error))

    def __str__(self) -> str:
        return f"oci://{self.host}/{self.name}"

    def _send(self, method: str, url: str, body: bytes | Path | None, headers: Mapping[str, str]) -> requests.Response:
        """What is said of who one is goes to the registry itself, and to no other host that it sends us to."""
        own = {"Authorization": self._granted} if self._granted and self._is_own(url) else {}
        with contextlib.ExitStack() as opened:
            session = opened.enter_context(self._session())
            content = opened.enter_context(body.open("rb")) if isinstance(body, Path) else body
            return session.request(
                method, url, data=content, headers={**headers, **own}, timeout=_TIMEOUT, stream=True, allow_redirects=True
            )

    def _permission(self, challenge: str) -> str:
        """The header that answers the challenge; empty where there is none."""
        kind, _, rest = challenge.partition(" ")
        login, asked = login_for(self.host, self._environment), dict(_CHALLENGE.findall(rest))
        if kind.lower() == "basic":
            return _basic(login) if login else ""
        if kind.lower() != "bearer" or "realm" not in asked:
            return ""
        realm = asked["realm"]
        if not (realm.startswith("https://") or _is_here(urlsplit(realm).netloc)):
            raise RefusedError(401, f"it wants the password sent to {realm} in the clear")
        scope = asked.get("scope") or f"repository:{self.name}:pull,push"
        query = {"scope": scope, **({"service": asked["service"]} if "service" in asked else {})}
        headers = {"Authorization": _basic(login)} if login else {}
        with self._session() as session:
            answer = session.get(realm, params=query, headers=headers, timeout=_TIMEOUT, allow_redirects=False)
        if answer.status_code != requests.codes.ok:
            raise RefusedError(401, f"no token from {urlsplit(realm).netloc}: {self._said(answer)}")
        token = answer.json()
        return f"Bearer {token.get('token') or token.get('access_token')}"

    def _session(self) -> requests.Session:
        """One for each request, so that no connection stays open. Passwords do not come from the process's environment."""
        session = requests.Session()
        session.trust_env = False
        session.verify = self._environment.get("REQUESTS_CA_BUNDLE") or self._environment.get("SSL_CERT_FILE") or True
        return session

    def _is_own(self, url: str) -> bool:
        return url.startswith(f"{self._root}/")

    def _said(self, answer: requests.Response) -> str:
        """Its status, and what it says of it, if that is short."""
        try:
            first = answer.json()["errors"][0]
            more = f": {first.get('code')} {first.get('message', '')}".rstrip()
        except (requests.RequestException, ValueError, KeyError, IndexError, TypeError, AttributeError):
            more = ""
        return f"HTTP {answer.status_code} {answer.reason or ''}".rstrip() + more[:_SHORT]

    def _reason(self, error: Exception) -> str:
        secret = login_for(self.host, self._environment)
        text = redact(str(error) or type(error).__name__, self._environment, {})
        return text.replace(secret.password, "***") if secret and secret.password else text


def _basic(login: Login) -> str:
    return "Basic " + base64.b64encode(f"{login.username}:{login.password}".encode()).decode()


def _is_here(host: str) -> bool:
    name = urlsplit(f"//{host}").hostname or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def _remedy(error: Exception) -> str:
    if isinstance(error, RefusedError) and error.status in (401, 403):
        return "docker login, or PERENNIAL_REGISTRY_USERNAME and PERENNIAL_REGISTRY_PASSWORD"
    return "see that the registry can be reached from here; then run again"
