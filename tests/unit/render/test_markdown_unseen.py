"""Signs that turn the direction of a line, or that nobody sees, are shown, whichever part of Unicode they come from."""

from reconciler.render.markdown import block, code, prose, visible, whole_line
from tests.cases import each

UNSEEN = ["\u061c", "\u200b", "\u200f", "\u202e", "\u2066", "\ufeff", "\x9b", "\U000e0041", "\U000e007f"]


@each("sign", UNSEEN)
def test_a_sign_that_nobody_sees_is_shown_wherever_text_goes(sign):
    text = f"a{sign}b"
    assert visible(text) == whole_line(text) == prose(text) == "a\ufffdb"
    assert code(text) == "`a\ufffdb`"
    assert block(text, "") == "```\na\ufffdb\n```"


@each("text", ["ünï", "列", "עברית", "العربية", "e\u0301", "👍"])
def test_letters_of_any_writing_stay(text):
    assert visible(text) == prose(text) == text
