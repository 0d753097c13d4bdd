"""However a file is broken, byte by byte, the answer is specs or problems with places inside the file; never a traceback."""

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import InvalidSpecsError
from reconciler.specs.load import load_specs
from tests.specs import ROOT, a_repository

PATHS = sorted(path for path in ROOT if not path.endswith(".py"))
SNIPPETS = [
    "",
    " ",
    "\n",
    "\t",
    ":",
    ": ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "'",
    '"',
    "&a ",
    "*a",
    "!!str ",
    "!x ",
    "|",
    "#",
    "?",
    "~",
    "1",
    "\x00",
    "é",
    "---\n",
    "<<: ",
]


@given(st.data())
def test_every_break_is_told_at_a_place_inside_the_file(data):
    path = data.draw(st.sampled_from(PATHS))
    text = ROOT[path]
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.sampled_from(SNIPPETS)) + text[at + data.draw(st.integers(0, 12)) :]
    try:
        load_specs(a_repository(**{path: text}))
    except InvalidSpecsError as error:
        for problem in error.problems:
            lines = (text if problem.file == path else ROOT[problem.file]).split("\n")
            assert 1 <= problem.line <= len(lines)
            assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
            assert problem.message


@given(st.binary(max_size=60))
def test_any_bytes_are_answered(content):
    for path in PATHS:
        with contextlib.suppress(InvalidSpecsError):
            assert not load_specs({path: content}).models
