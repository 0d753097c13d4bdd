"""What the words after `/perennial` ask for."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reconciler.domain.conversations import words_of
from reconciler.plan.commands import MOST_REASON, Command, Explain, HoldIt, Retry, Rollback, Unclear, parse
from tests.builders import NOW
from tests.cases import each

UNTIL = datetime(2013, 6, 10, tzinfo=UTC)


@each(
    ("text", "expected"),
    [
        ("explain", Explain()),
        ("EXPLAIN", Explain()),
        ("retry", Retry()),
        ("rollback", Rollback()),
        ("hold the data is odd", HoldIt(reason="the data is odd", until=None)),
        ("hold until 2013-06-10 strike", HoldIt(reason="strike", until=UNTIL)),
        ("hold Until then", HoldIt(reason="Until then", until=None)),
        ("hold", Unclear(why="a hold needs a reason")),
        ("hold until 2013-06-10", Unclear(why="a hold needs a reason")),
        ("hold until tomorrow strike", Unclear(why="until: expected a UTC time such as 2013-03-01 or 2013-03-01T06:00:00Z")),
        ("hold until 2013-06-01 strike", Unclear(why="2013-06-01 is over already: it is 2013-06-01T12:00:00Z")),
        ("rollback now", Unclear(why="rollback takes no further words, not 1")),
        ("retry && curl evil", Unclear(why="retry takes no further words, not 3")),
        ("delete", Unclear(why="there is no such command")),
        ("", Unclear(why="it says nothing")),
    ],
)
def test_words_are_a_command_or_unclear(text: str, expected: Command) -> None:
    assert parse(words_of(f"/perennial {text}") or (), NOW) == expected


@given(st.text(max_size=300))
def test_any_comment_is_understood_or_not_and_nothing_is_raised(body: str) -> None:
    found = parse(words_of(f"/perennial {body}") or (), NOW)
    if isinstance(found, HoldIt):
        assert 0 < len(found.reason) <= MOST_REASON
        assert found.reason.isprintable()
        assert found.until is None or found.until > NOW - timedelta(seconds=1)
