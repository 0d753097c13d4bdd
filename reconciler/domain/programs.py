"""Programs that a team brings: what one is given, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reconciler.domain.training import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A command, the folder that it runs in, the variables that it is given beside the harmless ones, and what it may use."""

    command: tuple[str, ...]
    directory: Path
    variables: Mapping[str, str]
    limits: Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How it ended: `failure` is a sentence, empty when it ended well; `transient`: the same again may go well."""

    failure: str = ""
    transient: bool = False
