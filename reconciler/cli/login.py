"""`perennial login`: gives a CI job its way to the DVC remote: an identity token in a file, and DVC's own local settings."""

import os
from collections.abc import Mapping
from pathlib import Path

import click

from reconciler.adapters.dvc_config import main_checkout
from reconciler.adapters.oidc import job_token
from reconciler.cli.terminal import announce
from reconciler.errors import PermanentActError
from reconciler.wiring import environment, root_of

AUDIENCE, CONFIG = "PERENNIAL_OIDC_AUDIENCE", "PERENNIAL_DVC_CONFIG"
TOKEN_FILES = ("AWS_WEB_IDENTITY_TOKEN_FILE", "AZURE_FEDERATED_TOKEN_FILE")
"""What the clouds' own libraries look for. Google's is told the file by the JSON that its credentials are described in."""


@click.command()
@click.pass_obj
def login(repo: str) -> None:
    """Print lines for $GITHUB_ENV; what is secret goes into files that only this job's user reads, and is masked in the log.

    PERENNIAL_OIDC_AUDIENCE asks for a token with that audience; PERENNIAL_DVC_CONFIG is the text of `.dvc/config.local`. What is
    empty is not done.
    """
    env = environment()
    if text := env.get(CONFIG, ""):
        for secret in secrets_in(text):
            announce(f"::add-mask::{secret}")
        _write(main_checkout(root_of(repo)) / ".dvc" / "config.local", text if text.endswith("\n") else f"{text}\n")
        click.echo("dvc: .dvc/config.local was written", err=True)
    if audience := env.get(AUDIENCE, ""):
        for line in _token(env, audience):
            click.echo(line)


def secrets_in(text: str) -> list[str]:
    """The values of DVC's settings, longest first: any of them may be a password. Very short ones would mask half of the log."""
    values = (line.partition("=")[2].strip().strip("'\"") for line in text.splitlines() if "=" in line)
    return sorted({value for value in values if len(value) >= 6}, key=lambda value: (-len(value), value))


def _token(env: Mapping[str, str], audience: str) -> list[str]:
    """Where the token is, as the clouds' libraries want to be told."""
    asked = env.get("ACTIONS_ID_TOKEN_REQUEST_URL", ""), env.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "")
    token = job_token(*asked, audience)
    announce(f"::add-mask::{token}")
    path = Path(env.get("RUNNER_TEMP") or ".").resolve() / "perennial-identity"
    _write(path, token)
    click.echo(f"identity: a token for {audience!a} is in {path}", err=True)
    return [f"{name}={path}" for name in TOKEN_FILES]


def _write(path: Path, text: str) -> None:
    """For the owner only, from the first byte on; a link is not followed."""
    try:
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise PermanentActError(f"{path} cannot be written: {error.strerror}") from error
