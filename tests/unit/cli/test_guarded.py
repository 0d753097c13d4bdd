"""No text becomes a command to the runner of a CI job, in whatever pieces it is written; a command that is meant does."""

import io
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.cli.terminal import Guarded, announce
from reconciler.cli.validate import annotation
from reconciler.errors import Problem

PIECES = st.lists(
    st.sampled_from(["::set-output name=x::y", "##[error]z", " ", "\t", "\n", "\r\n", "a", "::", "##[", ""]), max_size=8
)


def commands(text: str) -> list[str]:
    """What a runner would obey."""
    return [line for line in text.split("\n") if line.lstrip().startswith(("::", "##["))]


@given(PIECES)
def test_nothing_that_is_written_is_a_command(pieces: list[str]) -> None:
    stream = io.StringIO()
    guarded = Guarded(stream)
    for piece in pieces:
        guarded.write(piece)

    assert not commands(stream.getvalue())
    assert stream.getvalue().replace("\\", "") == "".join(pieces)


def test_bytes_are_refused_and_lines_are_written() -> None:
    stream = io.StringIO()
    with pytest.raises(TypeError, match="not bytes"):
        Guarded(stream).write(b"x")  # type: ignore[arg-type]
    Guarded(stream).writelines(["a\n", "::b\n"])
    assert stream.getvalue() == "a\n\\::b\n"
    assert not Guarded(stream).isatty()


def test_what_is_announced_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", Guarded(stream))
    announce("::add-mask::secret")
    assert commands(stream.getvalue()) == ["::add-mask::secret"]


@given(st.text(max_size=40), st.text(max_size=40))
def test_an_annotation_is_one_line_whatever_is_in_it(field: str, message: str) -> None:
    said = annotation(Problem(file="models/a,b:c%/model.yaml\n::error::", line=3, column=5, field=field, message=message))
    assert said.startswith("::error file=models/a%2Cb%3Ac%25/model.yaml%0A%3A%3Aerror%3A%3A,line=3,col=5,title=")
    assert "\n" not in said
    assert "\r" not in said
