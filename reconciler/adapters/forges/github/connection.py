"""The connection to one repository, made at its first use: sessions, the repository, and the name that Perennial has there."""

from collections.abc import Iterator
from functools import cached_property
from itertools import count
from typing import Any

from github import Auth, GithubException
from github.NamedUser import NamedUser
from github.Organization import Organization
from github.Repository import Repository
from jwt.exceptions import InvalidKeyError

from reconciler.adapters.forges.github.budget import Budget
from reconciler.adapters.forges.github.credentials import AppKey, Credentials, GitHubPlace, Token
from reconciler.adapters.forges.github.patience import Patience
from reconciler.adapters.forges.github.session import PAGE, Session
from reconciler.errors import ReconcilerError

Account = NamedUser | Organization | None
_WORKFLOW = "github-actions[bot]"
"""Who writes with the token of a workflow, where nothing tells."""
_NOT_TOLD = (400, 403, 404)
"""Answers by which a server will not or cannot say who asks. After any other one a guess might be wrong, and would be kept."""


class Connection:
    """Everything that the parts of the forge share."""

    def __init__(self, place: GitHubPlace, credentials: Credentials | None, patience: Patience, budget: Budget) -> None:
        self.place = place
        self.patience = patience
        self._credentials = credentials
        self._budget = budget

    @cached_property
    def repository(self) -> Repository:
        """The repository, of which nothing is asked yet."""
        return Repository(self._session, url=f"/repos/{self.place.repository}")

    @cached_property
    def login(self) -> str:
        """Under which name Perennial writes here: only what that name wrote counts as Perennial's own."""
        match self._credentials:
            case AppKey():
                return f"{self._installation[1]}[bot]"
            case _:
                return self._login_of_token()

    @property
    def is_app(self) -> bool:
        """Whether an App writes here, also with a token that was got for it; a person may write less."""
        return self.login.endswith("[bot]")

    @property
    def password(self) -> str:
        """The token of the session, renewed when it is about to run out."""
        auth = self._session.auth
        return auth.token if auth else ""

    def rows(self, path: str) -> Iterator[dict[str, Any]]:
        """A list under the repository's path as it is: of an object that lacks a field, PyGithub would ask for each whole."""
        for page in count(1):
            address = f"/repos/{self.place.repository}/{path}"
            rows = self._session.requestJsonAndCheck("GET", address, {"per_page": PAGE, "page": page})[1]
            yield from rows
            if len(rows) < PAGE:
                return

    def answer(self, path: str = "") -> tuple[dict[str, Any], dict[str, Any]]:
        """Headers and body of what is at the repository's path."""
        address = f"/repos/{self.place.repository}" + (f"/{path}" if path else "")
        return self._session.requestJsonAndCheck("GET", address)

    @property
    def app_permissions(self) -> dict[str, str] | None:
        """What the App may do here; None for a token, which does not tell."""
        return self._installation[2] if isinstance(self._credentials, AppKey) else None

    def question(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        """What GraphQL answers. It is only asked, never told, so asking again is safe."""
        answer = self.patience.insist(lambda: self._session.graphql_query(query, variables))
        return dict(answer[1]["data"])

    def own(self, author: Account) -> bool:
        """Whether Perennial is the author."""
        return login_of(author) == self.login

    def _login_of_token(self) -> str:
        """The token may be a person's, or an App's that somebody else asked for: only GraphQL tells an App's own name."""
        try:
            return str(self._session.requestJsonAndCheck("GET", "/user")[1]["login"])
        except GithubException as error:
            if error.status not in _NOT_TOLD:
                raise
        try:
            return str(self.question("query { viewer { login } }", {})["viewer"]["login"])
        except GithubException as error:
            if error.status not in _NOT_TOLD:
                raise
            return _WORKFLOW

    @cached_property
    def _session(self) -> Session:
        match self._credentials:
            case AppKey():
                return self._open(Auth.AppInstallationAuth(self._app, self._installation[0]))
            case Token(value=value) if value:
                return self._open(Auth.Token(value))
            case _:
                raise ReconcilerError(
                    f"there is no token for {self.place.repository} on GitHub",
                    help="set PERENNIAL_GITHUB_APP_ID and PERENNIAL_GITHUB_APP_KEY, or PERENNIAL_GITHUB_TOKEN",
                )

    @cached_property
    def _installation(self) -> tuple[int, str, dict[str, str]]:
        """The App's installation that sees the repository, the App's name in addresses, and what it may do."""
        found = self._open(self._app).requestJsonAndCheck("GET", f"/repos/{self.place.repository}/installation")[1]
        return int(found["id"]), str(found["app_slug"]), dict(found.get("permissions") or {})

    @cached_property
    def _app(self) -> Auth.AppAuth:
        assert isinstance(self._credentials, AppKey)  # noqa: S101 - the callers' match says so
        app = Auth.AppAuth(self._credentials.app, self._credentials.key or "none")
        try:
            app.create_jwt()
        except (InvalidKeyError, ValueError, TypeError):  # the reason might quote the key
            raise ReconcilerError(
                f"the private key of the GitHub App {self._credentials.app} cannot be read",
                help="let PERENNIAL_GITHUB_APP_KEY name the .pem file that GitHub gave for the App",
            ) from None
        return app

    def _open(self, auth: Auth.Auth) -> Session:
        return Session(auth, self.place, self.patience, self._budget)


def login_of(account: Account) -> str:
    """The account's name; empty for one that was deleted."""
    return account.login if account is not None else ""
