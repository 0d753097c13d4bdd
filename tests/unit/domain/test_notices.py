"""Comments that ask for something, labels, and the mark that a comment of Perennial's is found by."""

from reconciler.domain.changes import labels_beside
from reconciler.domain.conversations import LONGEST_WORD, MOST_WORDS, Permission, words_of
from reconciler.domain.notices import Comment
from tests.cases import each


@each(
    ("body", "words"),
    [
        ("/perennial explain", ("explain",)),
        ("  \r\n/perennial   hold  the   data is odd\r\n\r\nMore text", ("hold", "the", "data", "is", "odd")),
        ("/perennial", ()),
        ("/perennial $(rm -rf /) `id` ${{ github.token }}", ("$(rm", "-rf", "/)", "`id`", "${{", "github.token", "}}")),
        ("/perennial re\u200btry\u202e\x07", ("retry",)),
        ("/perennially yours", None),
        ("/PERENNIAL retry", None),
        ("please /perennial retry", None),
        ("> /perennial retry", None),
        ("```\n/perennial retry\n```", None),
        ("Fine.\n/perennial retry", None),
        ("", None),
        ("\ud800", None),
    ],
)
def test_only_the_first_line_of_a_comment_asks_for_anything(body, words):
    assert words_of(body) == words


def test_words_are_bounded_however_long_the_comment_is():
    found = words_of("/perennial " + "x" * 200 + " y" * 100_000)
    assert found is not None
    assert (len(found), len(found[0])) == (MOST_WORDS, LONGEST_WORD)


def test_only_who_may_push_may_ask():
    assert [one for one in Permission if one.may_write] == ["write", "maintain", "admin"]


def test_labels_of_ours_are_replaced_and_those_of_people_kept():
    there = ("perennial", "model/old", "tier/low", "team/a", "bug", "models", "environment")
    assert labels_beside(there, ("perennial", "model/new")) == ("bug", "environment", "model/new", "models", "perennial")
    assert labels_beside((), ()) == ()


def test_a_comment_begins_with_its_mark():
    comment = Comment(number=1, key="answer/7", body="Because.")
    assert comment.text == "<!-- perennial:answer/7 -->\nBecause."
    assert comment.text.startswith(comment.mark)
