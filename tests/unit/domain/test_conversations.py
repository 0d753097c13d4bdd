"""A comment that asks for something: what of its first line is heard, however it is written, and who answers it once."""

from reconciler.domain.conversations import LONGEST_WORD, MOST_WORDS, CommentCommand, Permission, words_of
from tests.builders import NOW
from tests.cases import each


def a_command(id_: str) -> CommentCommand:
    return CommentCommand(number=7, id=id_, author="ada", permission=Permission.WRITE, words=("retry",), at=NOW)


@each(
    "hidden",
    ["\u00ad", "\u061c", "\u180e", "\u200d", "\u2066", "\u206a", "\ufeff", "\ufff9", "\U000e0041", "\x00", "\x7f", "\ud800"],
)
def test_what_nobody_can_see_is_no_part_of_a_word(hidden: str) -> None:
    assert words_of(f"/perennial re{hidden}try {hidden}") == ("retry",)
    assert words_of(f"{hidden}/peren{hidden}nial retry") == ("retry",)


@each("gap", [" ", "\t", "\u00a0", "\u3000", "\r", "\u2028"])
def test_whatever_looks_like_a_gap_parts_two_words(gap: str) -> None:
    assert words_of(f"/perennial{gap}hold{gap}{gap}odd{gap}") == ("hold", "odd")


def test_words_that_people_can_see_stay_as_they_are_written() -> None:
    assert words_of("/perennial hold Größe 予測 🚀 <b>x</b> @all") == ("hold", "Größe", "予測", "🚀", "<b>x</b>", "@all")


def test_a_line_that_only_looks_empty_is_still_the_first_one() -> None:
    assert words_of("\u200b\n/perennial retry") is None
    assert words_of(" \n\t\n/perennial retry") == ("retry",)


def test_a_word_and_a_line_at_the_bound_are_whole() -> None:
    line = ["x" * LONGEST_WORD] + ["y"] * (MOST_WORDS - 1)
    assert words_of(" ".join(["/perennial", *line])) == tuple(line)
    assert words_of(" ".join(["/perennial", *line, "z"])) == tuple(line)


def test_spaces_before_a_command_do_not_use_up_what_is_read_of_it() -> None:
    assert words_of(" " * 20_000 + "/perennial retry") == ("retry",)


def test_a_word_beyond_what_is_read_is_not_heard() -> None:
    assert words_of("/perennial" + " " * 10_000 + "retry") == ()


def test_each_comment_has_an_answer_of_its_own() -> None:
    keys = [a_command(id_).answer_key for id_ in ("4", "42", "review/42")]
    assert keys == ["answer/4", "answer/42", "answer/review/42"]
