"""Argo CD's API over HTTP: one question, one JSON object. What is safe to ask twice is asked again when there is no answer.

The client of the package `argocd-python-client` builds paths, headers and TLS. Its models of 2021 break on today's answers and
its exceptions on today's urllib3, so requests go out below both, and answers are read raw.
"""

import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reconciler.adapters.bodies import reason, whole
from reconciler.adapters.clusters.troubles import RefusedError, SilentError, short_text, understood

if TYPE_CHECKING:
    import urllib3

LARGEST = 256 * 1024 * 1024
"""Bytes; a thousand Applications take 10 to 20 MB."""
ATTEMPTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ArgoPlace:
    """A server. `ca` is a file of certificates to trust instead of the machine's; `timeout` are seconds of silence.

    What there is no answer to is asked again `pause` seconds later, and then twice that.
    """

    url: str
    token: str = field(repr=False)
    ca: Path | None = None
    verify: bool = True
    timeout: float = 10.0
    pause: float = 0.5


class ArgoConnection:
    """Keeps connections open, for several threads."""

    def __init__(self, place: ArgoPlace) -> None:
        self._place = place
        self._client = _client(place)

    @property
    def url(self) -> str:
        """Where the server is."""
        return self._place.url

    def get(self, path: str, query: Mapping[str, str] | None = None, attempts: int = ATTEMPTS, **names: str) -> dict[str, object]:
        """The answer; `{name}` in the path stands for a name. Raises SilentError after the last attempt, or RefusedError."""
        for attempt in range(1, attempts):
            try:
                return self._once("GET", path, query, None, names)
            except SilentError:
                time.sleep(self._place.pause * 2 ** (attempt - 1))
        return self._once("GET", path, query, None, names)

    def send(self, method: str, path: str, body: Mapping[str, object] | None = None, **names: str) -> dict[str, object]:
        """An order, sent once: after a SilentError nobody knows whether it was carried out."""
        return self._once(method, path, None, body, names)

    def _once(self, method: str, path: str, query: Any, body: Any, names: Mapping[str, str]) -> dict[str, object]:
        import urllib3

        place = self._place
        about = f"{place.url}: {method} {path.format_map(names)}"
        try:
            answer = self._client.call_api(
                path,
                method,
                path_params=dict(names),
                query_params=sorted((query or {}).items()),
                header_params={"Accept": "application/json", "Authorization": f"Bearer {place.token}"},
                body=body,
                _preload_content=False,
                _request_timeout=place.timeout,
            )
            try:
                content = whole(answer, time.monotonic() + 10 * place.timeout, LARGEST)
            except BaseException:
                answer.close()  # what is left in it would be taken for the answer to the next question
                raise
            answer.release_conn()
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise SilentError(f"{about}: {short_text(reason(error)).replace(place.token, '***')}") from None
        try:
            return understood(answer.status, content, about)
        except RefusedError as error:
            if error.status == 403 and "name" in names:
                raise RefusedError(403, f"{error}; of an Application that is not there it says the same") from None
            raise


def _client(place: ArgoPlace) -> Any:
    """The package's client, with requests of its own making taken straight to the pool."""
    import urllib3
    from argocd_python_client import ApiClient, Configuration

    class Raw(ApiClient):  # type: ignore[misc]  # the package has no types
        def request(self, method: str, url: str, **given: Any) -> "urllib3.BaseHTTPResponse":
            """Never retried, never redirected: the token is for this server."""
            query, body = given.get("query_params"), given.get("body")
            answer: urllib3.BaseHTTPResponse = self.rest_client.pool_manager.request(
                method,
                url,
                fields=query or None,
                body=json.dumps(body).encode() if body is not None else None,
                # Of every order, with a body or not: so Argo CD knows that it comes from no form on a web page.
                headers={**given["headers"], **({} if method == "GET" else {"Content-Type": "application/json"})},
                timeout=urllib3.Timeout(connect=place.timeout, read=place.timeout),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            return answer

    settings = Configuration(host=place.url.rstrip("/"), ssl_ca_cert=str(place.ca) if place.ca else _authorities())
    settings.verify_ssl = place.verify
    if not place.verify:  # the settings say so, and `perennial doctor` warns of it
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    client = Raw(settings)
    client.user_agent = "perennial"
    return client


def _authorities() -> str | None:
    """The certificates that this machine trusts."""
    return ssl.get_default_verify_paths().cafile
