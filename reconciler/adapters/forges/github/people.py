"""What people may do in the repository. GitHub is asked; what a comment or a review says about its author is not trusted."""

from github import GithubException

from reconciler.adapters.forges.github.connection import Connection
from reconciler.domain.conversations import Permission


class People:
    """Each question costs a conditional request: a permission that was taken away is taken away at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def permission(self, login: str) -> Permission:
        """The person's permission; NONE for words that are not known and people who are not."""
        try:
            word = self._connection.repository.get_collaborator_permission(login)
        except GithubException as error:
            if error.status == 404:
                return Permission.NONE
            raise
        return Permission(word) if word in set(Permission) else Permission.NONE
