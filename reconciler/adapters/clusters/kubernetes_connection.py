"""Kubernetes' API through kr8s, as plain JSON: several questions at once, each asked again where that is safe."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reconciler.adapters.clusters.troubles import RefusedError, SilentError, Trouble, short_text, understood

if TYPE_CHECKING:
    from kr8s.asyncio import Api

_ATTEMPTS = 3
_AT_ONCE = 8
_MERGE = "application/merge-patch+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class KubernetesPlace:
    """A cluster. Without `kubeconfig` the pod's own account; without `context` the current one. Times are in seconds."""

    kubeconfig: Path | None = None
    context: str | None = None
    timeout: float = 10.0
    pause: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`path` starts after the host: `/apis/argoproj.io/v1alpha1/...`. What has a body is a merge-patch, or is created."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, object] | None = None
    method: str = "GET"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """Several requests over one session, and those that there was no answer to."""

    api: "Api"
    turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))
    silent: list[SilentError] = field(default_factory=list)


Answer = dict[str, object]


class KubernetesConnection:
    """A connection for each call; nothing of it stays."""

    def __init__(self, place: KubernetesPlace) -> None:
        self._place = place

    def ask(self, request: Request) -> Answer:
        """The answer. Raises SilentError or RefusedError."""
        (found,) = self.each([request])
        if isinstance(found, Exception):
            raise found
        return found

    def each(self, requests: Sequence[Request]) -> list[Answer | Trouble]:
        """The answer to each of them, or why there is none."""
        try:
            return asyncio.run(self._all(requests)) if requests else []
        except ImportError:
            raise SilentError(f'{self.about}: kr8s is not installed: pip install "perennial[kubernetes]"') from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SilentError(f"{self.about}: {short_text(error) or type(error).__name__}") from None

    @property
    def about(self) -> str:
        """Which cluster it is, as far as the settings say."""
        return f"kubernetes, context {self._place.context}" if self._place.context else "kubernetes"

    async def _all(self, requests: Sequence[Request]) -> list[Answer | Trouble]:
        from kr8s.asyncio import Api

        place = self._place
        path = str(place.kubeconfig) if place.kubeconfig else None
        # Past its factory, which asks for the version first and keeps what nobody can close.
        api = Api(bypass_factory=True, kubeconfig=path, context=place.context)
        api.timeout = place.timeout
        try:
            await api.auth
            asking = _Asking(api=api)
            first = await self._patiently(asking, requests[0])  # alone: each of several would open a session of its own
            return [first, *await asyncio.gather(*(self._patiently(asking, request) for request in requests[1:]))]
        finally:
            if api._session:
                await api._session.aclose()

    async def _patiently(self, asking: _Asking, request: Request) -> Answer | Trouble:
        """Orders are sent once, and nothing more when there was no answer to one: a server that is gone takes its time."""
        attempts = _ATTEMPTS if request.method == "GET" else 1
        async with asking.turn:
            if asking.silent:
                return asking.silent[0]
            for attempt in range(1, attempts + 1):
                try:
                    return await self._once(asking.api, request)
                except RefusedError as error:
                    return error
                except SilentError as error:
                    if attempt == attempts:
                        asking.silent.append(error)
                        return error
                    await asyncio.sleep(self._place.pause * 2 ** (attempt - 1))
        raise AssertionError("the last attempt returns")

    async def _once(self, api: "Api", request: Request) -> Answer:
        import httpx
        import kr8s

        about = f"{self.about}: {request.method} {request.path}"
        content = None if request.body is None else json.dumps(request.body)
        headers = {"content-type": _MERGE if request.method == "PATCH" else "application/json"}
        given = {"params": dict(request.query), "headers": headers, "content": content, "raise_for_status": False}
        call: Any = api.call_api  # its arguments for httpx are of many types
        try:
            async with call(request.method, version="", base=request.path, **given) as answer:
                return understood(answer.status_code, answer.content, about)
        except (httpx.HTTPError, kr8s.APITimeoutError, OSError) as error:
            raise _translated(error, about) from None


def _translated(error: BaseException, about: str) -> Trouble:
    """What kr8s and what is below it say, in our kinds."""
    answer = getattr(error, "response", None)
    status = getattr(answer, "status_code", 0) if answer is not None else 0
    said = f"{about}: {short_text(error) or type(error).__name__}"
    return RefusedError(status, said) if 400 <= status < 500 else SilentError(said)
