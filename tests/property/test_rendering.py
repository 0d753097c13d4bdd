"""Laws of rendering: whatever a value says, it stays one value; what is written is read back; same input, same bytes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reconciler.domain.releases import Artifact, Release, digest_of
from reconciler.render import wellformed
from reconciler.render.manifests import render_environment
from reconciler.render.markdown import TEXT_LENGTH, code, prose, visible
from reconciler.render.quoting import quote
from reconciler.render.release import release_yaml
from reconciler.specs.release import ReleaseSpec
from tests.builders import a_release, specs_of
from tests.examples import examples

HOSTILE = (
    'x"\nkind: ClusterRole',
    "{{ 7 * 7 }}",
    "{% raw %}",
    "a: b # c",
    "- !!python/object/apply:os.system [id]",
    "&a [*a, *a]",
    "\u2028---\u2029...\x85",
    "null",
    "1e3",
    "'",
    "\\",
    "%TAG ! tag:x",
    "\u202e\ufeff\x00\x1b[31m",
)
TEXT = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
SHORT = examples(1)
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def leaves(tree: object, path: tuple[object, ...] = ()) -> Iterator[tuple[tuple[object, ...], object]]:
    if isinstance(tree, dict):
        for key, item in tree.items():
            yield from leaves(item, (*path, key))
    elif isinstance(tree, list):
        for index, item in enumerate(tree):
            yield from leaves(item, (*path, index))
    else:
        yield path, tree


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
        max_leaves=8,
    )
)
@examples(2)
def test_what_is_quoted_is_read_back(value):
    text = quote(value)
    assert "\n" not in text
    assert yaml.safe_load(f"a:\n  - {text}\n") == {"a": [value]} or _exponent(value)


def _exponent(value: object) -> bool:
    """YAML 1.1 as PyYAML reads it takes 1e+16 for text; YAML 1.2 and Kubernetes take it for the number."""
    return any(isinstance(leaf, float) and "e" in repr(leaf) for _, leaf in leaves(value))


PIECES = st.sampled_from(['"', "'", "# ", ": ", "- ", "a", "\n", "  ", "{", "}", "[", "]", ",", "|\n ", "VALUE", "VALUE"])


@examples(4)
@given(pieces=st.lists(PIECES, max_size=12).map("".join), first=TEXT, second=TEXT)
def test_what_the_shape_of_a_text_says_is_what_parsing_says(pieces, first, second):
    for value in (first, second):
        text = "apiVersion: v1\nkind: A\nmetadata: {}\n" + pieces.replace("VALUE", quote(value))
        wanted = bool(wellformed._problems("a.yaml", text))
        assert bool(wellformed.problems_of("a.yaml", text)) is wanted


@SHORT
@given(made=st.sampled_from(["staging", "production"]), word=st.text(max_size=5))
def test_the_same_input_gives_the_same_bytes(made, word):
    one, other = (specs_of(releases={"flight-delay": {made: a_release(word, environment=made)}}) for _ in range(2))
    assert render_environment(one, made) == render_environment(other, made)


@example(text="a | b \\| c \\")
@example(text="<!-- perennial {} -->")
@example(text="[x](javascript:alert(1)) ![y](z) <script>")
@example(text="**a** __b__ ~~c~~ `d` ``")
@example(text="&lt; &#35; &amp")
@example(text="1) a")
@examples(3)
@given(text=st.text(st.sampled_from("ab1 _*`|\\<>!-[]()#&;~=+.:@/\n\t\"'$"), max_size=25))
@pytest.mark.parametrize("write", [prose, code])
def test_text_in_a_table_cell_is_shown_as_it_is(write, text):
    html = MARKDOWN.parse(f"| a | b |\n| --- | --- |\n| {write(text)} | end |\n")
    cells = [token for before, token in pairwise(html) if before.type == "td_open"]
    assert [shown(cell.children) for cell in cells] == [visible(text), "end"]


@examples(2)
@given(text=st.text(st.sampled_from("ab1 _*`|\\<>!-[]()#&;~=+.:@/\n"), max_size=25))
def test_text_in_a_list_is_shown_as_it_is(text):
    tokens = MARKDOWN.parse(f"- {prose(text)}\n")
    inline = [token for token in tokens if token.type == "inline"]
    assert "".join(shown(token.children) for token in inline) == visible(text)
    assert {token.tag for token in tokens if token.tag} <= {"ul", "li", "p"}


def shown(tokens: list | None) -> str:
    """What a reader sees; markup of any kind would show up as a word in angle brackets."""
    kinds = {"text", "text_special", "code_inline"}
    return "".join(token.content if token.type in kinds else f"<{token.type}>" for token in tokens or []).replace("\u200b", "")


@given(text=st.text(max_size=3 * TEXT_LENGTH))
def test_escaped_text_is_one_line_that_can_be_encoded(text):
    assert "\n" not in prose(text).encode().decode()


TIMES = st.integers(0, 4 * 10**9).map(lambda seconds: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
NAMES = st.from_regex(r"[a-z]([a-z0-9-]{0,50}[a-z0-9])?", fullmatch=True)
DIGESTS = st.text(max_size=3).map(digest_of)
NUMBERS = st.integers(0, 10**12)


@st.composite
def releases(draw: st.DrawFn) -> Release:
    build = a_release().build
    data = {name: draw(TIMES) for name in ("as_of", "train_from", "train_until", "holdout_from", "holdout_until")}
    return Release(
        environment=draw(NAMES),
        version=".".join(str(draw(st.integers(0, 99))) for _ in range(3)),
        build=replace(
            build,
            model=draw(NAMES),
            artifact=Artifact(path=draw(TEXT), sha256=draw(DIGESTS), md5=draw(DIGESTS)[7:39], size=draw(NUMBERS)),
            data=replace(build.data, dataset=draw(NAMES), digest=draw(DIGESTS), train_rows=draw(NUMBERS), **data),
            made_from=replace(build.made_from, spec=draw(DIGESTS)),
        ),
    )


@SHORT
@given(release=releases())
def test_a_release_is_read_back_as_it_was_written(release):
    assert ReleaseSpec.model_validate(yaml.safe_load(release_yaml(release))).release() == release
