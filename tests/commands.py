"""Runs `perennial` as a person or a program does, in this process: what it prints, and how it ends."""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from reconciler.cli.main import main

STEERING = frozenset(map(chr, (*range(9), 11, 12, *range(14, 32), *range(127, 160), 0x202A, 0x202E, 0x2066, 0x2069, 0xFEFF)))
"""Characters that may steer a terminal or change the direction of text; a new line and a tab are not among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON value that it printed; it is ASCII, and errors are printed there, too."""
        assert self.out.isascii()
        assert self.out.endswith("}\n") or self.out.endswith("]\n")
        return json.loads(self.out)

    @property
    def is_harmless(self) -> bool:
        """Nothing in it steers a terminal, and nothing in it is a traceback."""
        said = self.out + self.err
        return not STEERING & set(said) and "Traceback" not in said


def perennial(repo: Path | str | None, *arguments: str) -> Answer:
    """`perennial --repo REPO ARGUMENTS`; without a repository, in the folder where the tests run."""
    place = () if repo is None else ("--repo", str(repo))
    out, err = io.StringIO(), io.StringIO()
    with mock.patch.object(sys, "argv", ["perennial", *place, *arguments]), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as end:
            code = end.code
    assert isinstance(code, int)
    return Answer(code=code, out=out.getvalue(), err=err.getvalue())
