"""Programs that stages run: what one is given, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reconciler.domain.training import Exceeded, Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A command, the folder that it runs in, the variables that it is given beside the harmless ones, and what it may use.

    `inherits`: it is one of our own stages, and gets our whole environment. Sentences call it `called`, or else its command.
    """

    command: tuple[str, ...]
    directory: Path
    variables: Mapping[str, str]
    limits: Limits
    inherits: bool = False
    called: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How it ended: `failure` is a sentence, empty when it ended well; `transient`: the same again may go well.

    `said` is the end of what it printed, free of secrets and of what steers a terminal; `exceeded` what it used too much of.
    """

    failure: str = ""
    transient: bool = False
    said: str = field(default="", compare=False)
    exceeded: Exceeded | None = None
