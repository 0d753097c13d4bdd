"""The one place through which all requests to GitHub go: the quota, conditional requests, repeated reads, lost answers.

PyGithub's requester does the rest (authentication, renewing an App's tokens, paths, JSON, pages, its errors), and all of
its objects send through `requestJsonAndCheck`.
"""

import json
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests
from github import Auth, GithubException, RateLimitExceededException
from github.Requester import Requester

from reconciler.adapters.forges.github.budget import Budget, seconds_to_renewal
from reconciler.adapters.forges.github.credentials import GitHubPlace
from reconciler.adapters.forges.github.patience import Patience
from reconciler.adapters.forges.github.troubles import StrangeAnswerError, UnansweredError, refusal

_Answer = tuple[dict[str, Any], Any]
PAGE = 100
_API_VERSION = "2022-11-28"
_MOST_KEPT = 200
_SECONDARY = 60.0
"""Seconds to wait, as GitHub's documentation asks, when it gives none."""

logging.getLogger("github").setLevel(logging.INFO)  # its debug lines hold whole answers, and one of those is an App's new token


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """An answer, and the tag by which GitHub says that it still holds."""

    tag: str
    headers: dict[str, Any]
    data: Any


class Session(Requester):
    """A requester that repeats reads patiently and never repeats a write. Raises UnansweredError, or GithubException as it is."""

    def __init__(self, auth: Auth.Auth, place: GitHubPlace, patience: Patience, budget: Budget) -> None:
        self._patience = patience
        self._budget = budget
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        super().__init__(
            auth=auth,
            base_url=place.url.rstrip("/"),
            timeout=place.timeout,  # type: ignore[arg-type]  # seconds; requests takes parts of them
            user_agent="perennial",
            per_page=PAGE,
            verify=True,
            retry=None,
            pool_size=None,
            lazy=True,
            api_version=_API_VERSION,
        )

    def requestJsonAndCheck(  # noqa: N802 - PyGithub's method, through which its objects send
        self,
        verb: str,
        url: str,
        parameters: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        input: Any | None = None,
        follow_302_redirect: bool = False,  # noqa: FBT001, FBT002
    ) -> _Answer:
        """Send one request; a read until it is answered."""

        def once(more: Mapping[str, str]) -> _Answer:
            self._budget.spend(write=verb != "GET")
            with _trusted():
                sent = super(Session, self).requestJsonAndCheck
                answer = sent(verb, url, parameters, {**(headers or {}), **more}, input, follow_302_redirect)
            self._budget.learn(answer[0])
            return answer

        if verb == "GET":
            key = self.add_parameters_to_url(url, parameters or {})
            return self._patience.insist(lambda: self._conditional(key, once))
        return _whole(once({}), empty=verb == "DELETE" or url.endswith("/dispatches"))

    def _conditional(self, key: str, once: Callable[[Mapping[str, str]], _Answer]) -> _Answer:
        kept = self._kept.get(key)
        headers, data = once({"If-None-Match": kept.tag} if kept else {})
        if kept and data is None and headers.get("etag", kept.tag) == kept.tag:
            self._kept.move_to_end(key)
            return kept.headers, kept.data
        self._kept.pop(key, None)  # an empty answer of another tag is not "unchanged": ask without a condition
        _whole((headers, data))
        if tag := headers.get("etag"):
            self._kept[key] = _Kept(tag=tag, headers=headers, data=data)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return headers, data


def _whole(answer: _Answer, *, empty: bool = False) -> _Answer:
    """The answer. Raises UnansweredError when it is no JSON, or empty unless it may be, as proxies before GitHub answer."""
    data = answer[1]
    if (data is None and not empty) or (isinstance(data, dict) and isinstance(data.get("data"), str)):
        raise UnansweredError("the answer is no JSON")
    return answer


@contextmanager
def _trusted() -> Iterator[None]:
    """Raise UnansweredError for what is no answer, or one that says: later."""
    try:
        yield
    except GithubException as error:
        if _is_later(error):
            raise UnansweredError(refusal(error), wait=_wait(error)) from None
        raise
    except requests.RequestException as error:
        raise UnansweredError(f"no answer ({type(error).__name__})") from None
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise UnansweredError("the answer is cut off") from None
    except (AssertionError, RuntimeError) as error:  # PyGithub's words for another host than it was told of
        raise StrangeAnswerError(f"the server names itself by another address: {error}") from None


def _is_later(error: GithubException) -> bool:
    """Whether the very same request may be answered later: the server's own trouble, or a limit."""
    headers = error.headers or {}
    limited = "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0"
    limited = limited or isinstance(error, RateLimitExceededException)
    return error.status >= 500 or error.status == 429 or (error.status == 403 and limited)


def _wait(error: GithubException) -> float | None:
    """The seconds that are asked for. Every limit asks for some, a broken server may not."""
    headers = error.headers or {}
    try:
        if "retry-after" in headers:
            return max(0.0, float(headers["retry-after"]))
        if headers.get("x-ratelimit-remaining") == "0":
            return seconds_to_renewal(headers)
    except ValueError:
        pass
    return None if error.status >= 500 else _SECONDARY
