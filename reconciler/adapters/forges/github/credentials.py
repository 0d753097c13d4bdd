"""Who Perennial is on GitHub, and where. Wiring reads them; secrets appear in no message, log or repr."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class GitHubPlace:
    """A repository (`owner/name`) and the base address of the API that serves it; of GitHub Enterprise `https://<host>/api/v3`.

    `timeout` are the seconds that a server may be silent.
    """

    repository: str
    url: str = "https://api.github.com"
    timeout: float = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class AppKey:
    """A GitHub App: its number or client id, and its private key as PEM text. Its tokens live an hour, for one installation."""

    app: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A fine-grained token of a person, or the token that a workflow is given."""

    value: str = field(repr=False)


Credentials = AppKey | Token
