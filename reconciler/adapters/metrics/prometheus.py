"""Adapter of the port Metrics: asks a Prometheus server over its HTTP API, and takes no answer but a whole one."""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter

from reconciler.adapters.bodies import reason, whole
from reconciler.adapters.metrics import answers
from reconciler.adapters.redaction import redact, without_credentials
from reconciler.adapters.sources.sql import filled, hidden
from reconciler.domain.live import Point, Sample
from reconciler.errors import ObserveError

_RETRIES = 2
_SHORT = 120


class PrometheusMetrics:
    """Metrics from the server at `address`, in which `${NAME}` stands for a value of `environment`.

    `timeout` (seconds) bounds connecting and every silence, ten times as much the whole answer. What fails in the network
    or with a 5xx is asked again twice, `pause` seconds later and then twice that. Redirects are not followed.
    """

    def __init__(
        self, address: str, environment: Mapping[str, str] | None = None, *, timeout: float = 5.0, pause: float = 0.3
    ) -> None:
        self._address = address.rstrip("/")
        self._environment = dict(environment or {})
        self._timeout = timeout
        self._pause = pause

    def instant(self, query: str, at: datetime) -> float:
        """The value of the query at the time: a scalar, or the one series of a vector. NaN stays NaN. Raises ObserveError."""
        data = self._ask("query", query, {"time": seconds(at)})
        return answers.value(data, self._about(query))

    def range(self, query: str, start: datetime, end: datetime, step: timedelta) -> tuple[Point, ...]:
        """The values of the one series over [start, end], one each step, oldest first. Raises ObserveError."""
        limits = {"start": seconds(start), "end": seconds(end), "step": repr(step.total_seconds())}
        data = self._ask("query_range", query, limits)
        return answers.points(data, self._about(query))

    def vector(self, query: str, at: datetime) -> tuple[Sample, ...]:
        """Every series of the query at the time, in the order of their labels. Raises ObserveError."""
        data = self._ask("query", query, {"time": seconds(at)})
        return answers.samples(data, self._about(query))

    def _about(self, query: str) -> str:
        """Whom we asked for what, for messages."""
        flat = " ".join(query.split())
        shown = flat if len(flat) <= _SHORT else f"{flat[:_SHORT]}..."
        return f"{without_credentials(self._address)}: {shown}"

    def _ask(self, what: str, query: str, more: Mapping[str, str]) -> Mapping[str, Any]:
        """The member `data` of a successful answer."""
        about = self._about(query)
        address = filled(self._address, self._environment)
        secrets = [value for name, value in self._environment.items() if value and f"${{{name}}}" in self._address]
        try:
            with self._session() as session:
                parameters = {"query": query, **more}
                url = f"{address}/api/v1/{what}"
                answer = session.get(url, params=parameters, timeout=self._timeout, allow_redirects=False, stream=True)
                with answer:
                    body = whole(answer.raw, time.monotonic() + 10 * self._timeout)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            said = hidden(redact(reason(error), self._environment, {}), secrets, address)
            raise ObserveError(f"{about}: {said}", help="correct prometheus in [tool.perennial] of pyproject.toml") from None
        return answers.data(answer.status_code, body, answer.headers.get("Location", ""), about)

    def _session(self) -> requests.Session:
        """Neither proxies nor passwords come from the environment of the process, which only the wiring reads."""
        again = urllib3.Retry(
            total=_RETRIES,
            backoff_factor=self._pause,
            status_forcelist=(500, 502, 503, 504),
            respect_retry_after_header=False,
            raise_on_status=False,
        )
        session = requests.Session()
        session.trust_env = False
        session.verify = self._environment.get("REQUESTS_CA_BUNDLE") or self._environment.get("SSL_CERT_FILE") or True
        for scheme in ("http://", "https://"):
            session.mount(scheme, HTTPAdapter(max_retries=again))
        return session


def seconds(at: datetime) -> str:
    """Seconds since 1970 with milliseconds, the resolution of Prometheus."""
    return f"{at.timestamp():.3f}"
