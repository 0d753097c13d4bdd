"""What can go wrong between here and GitHub, and how it is told to people: the border where its errors become ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from github import BadAttributeException, GithubException

from reconciler.adapters.redaction import redact
from reconciler.errors import ObserveError, PermanentActError, TransientActError, printable

_LONGEST = 300
_HELP = {
    401: "give a token that is valid: PERENNIAL_GITHUB_TOKEN, or PERENNIAL_GITHUB_APP_ID and PERENNIAL_GITHUB_APP_KEY",
    403: "give the token or the App the permission that is named  (perennial doctor lists all that are needed)",
    404: "correct repository in [tool.perennial.forge] of pyproject.toml, and let the token or the App see it",
    410: "switch Issues on in the repository's settings",
}


class UnansweredError(Exception):
    """No answer that can be trusted: what was asked for may have happened or not, so look before asking again.

    `wait` are the seconds that GitHub asks for, if it does. `tired` is set when it was tried often enough.
    """

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait
        self.tired = False


class StrangeAnswerError(Exception):
    """An answer that the GitHub API does not give, so that trying again would not help."""


@contextmanager
def seeing(what: str) -> Iterator[None]:
    """Raise ObserveError for everything that keeps us from seeing `what`."""
    try:
        yield
    except UnansweredError as error:
        raise ObserveError(f"{what} cannot be seen: {shown(error)}", help="try again in a while") from None
    except GithubException as error:
        raise ObserveError(f"{what} cannot be seen: {refusal(error)}", help=_help(error)) from None
    except (StrangeAnswerError, BadAttributeException) as error:
        raise ObserveError(f"{what} cannot be seen: {shown(error)}", help=_URL) from None


@contextmanager
def doing(what: str) -> Iterator[None]:
    """Raise TransientActError or PermanentActError for everything that keeps us from doing `what`."""
    try:
        yield
    except UnansweredError as error:
        raise TransientActError(f"cannot {what}: {shown(error)}", help="perennial reconcile  (looks again first)") from None
    except GithubException as error:
        raise PermanentActError(f"cannot {what}: {refusal(error)}", help=_help(error)) from None
    except (StrangeAnswerError, BadAttributeException) as error:
        raise PermanentActError(f"cannot {what}: {shown(error)}", help=_URL) from None


_URL = "correct url in [tool.perennial.forge] of pyproject.toml"


def refusal(error: GithubException) -> str:
    """What GitHub said when it refused, with the number of the answer, on one line."""
    data = error.data if isinstance(error.data, dict) else {}
    details = data.get("errors") or []
    said = [data.get("message"), *(details if isinstance(details, list) else [details])]
    return shown(f"GitHub answers {error.status}: {'; '.join(_worded(one) for one in said if one) or 'no reason'}")


def shown(what: object) -> str:
    """The text on one line, shortened, without anything that looks like a secret."""
    text = printable(" ".join(redact(str(what), {}, {}).split()))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _worded(detail: object) -> str:
    if not isinstance(detail, dict):
        return str(detail)
    return str(detail.get("message") or " ".join(str(detail.get(key, "")) for key in ("resource", "field", "code")).strip())


def _help(error: GithubException) -> str:
    return _HELP.get(error.status, "perennial doctor")
