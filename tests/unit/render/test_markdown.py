import pytest

from reconciler.render.markdown import TEXT_LENGTH, block, code, prose, visible
from tests.cases import each


@each(
    ("value", "text"),
    [
        ("0.68 < 0.7, dep_delay -0.02", "0.68 < 0.7, dep_delay -0.02"),
        ("<!-- perennial {} -->", "&lt;!-- perennial {} --&gt;"),
        ("<b>&amp;", "&lt;b>&amp;amp;"),
        ("a|b`c*d~e[f]$", "a\\|b\\`c\\*d\\~e\\[f\\]\\$"),
        ("_a_ b_c", "\\_a\\_ b_c"),
        ("1. a", "1\\. a"),
        ("1.5", "1.5"),
        ("- a", "\\- a"),
        ("# a", "\\# a"),
        ("---", "\\---"),
        ("> a", "&gt; a"),
        ("@team fixes #12 and gh-3", "@\u200bteam fixes #\u200b12 and gh-\u200b3"),
        ("https://x www.x.y", "https:\u200b//x www\u200b.x.y"),
        ("a\n\n# b", "a # b"),
        (12, "12"),
    ],
)
def test_text_stays_text(value, text):
    assert prose(value) == text


def test_what_is_escaped_is_not_escaped_twice():
    assert prose(prose("a*b")) == "a\\*b"


@each(
    ("value", "text"),
    [
        ("a", "`a`"),
        ("a`b", "``a`b``"),
        ("`a", "`` `a ``"),
        ("a|b", "`a\\|b`"),
        ("<!-- -->", "`<!-- -->`"),
        ("", ""),
    ],
)
def test_a_code_span_holds_the_text(value, text):
    assert code(value) == text


def test_what_a_reader_cannot_see_is_shown():
    assert visible("a\x1b[31m\u202eb\u200b\ud800\n c") == "a\ufffd[31m\ufffdb\ufffd\ufffd c"


def test_long_text_is_cut():
    assert len(prose("x" * 5_000)) == TEXT_LENGTH
    assert prose("x" * 5_000).endswith("…")


def test_only_plain_values_are_written():
    with pytest.raises(TypeError, match="type dict"):
        prose({})


def test_nothing_in_a_code_block_ends_it():
    assert block("a\n```\n````b\x1b", "diff") == "`````diff\na\n```\n````b\ufffd\n`````"
    assert block("", "diff") == ""
