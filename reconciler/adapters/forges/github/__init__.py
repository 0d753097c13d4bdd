"""GitHub, and GitHub Enterprise, behind the forge's ports. Importing it takes half a second: import it where it is used."""

from reconciler.adapters.forges.github.credentials import AppKey, Credentials, GitHubPlace, Token
from reconciler.adapters.forges.github.forge import GitHubForge

__all__ = ["AppKey", "Credentials", "GitHubForge", "GitHubPlace", "Token"]
