"""Laws of the ledger: whatever is written comes back, and lines only ever add to what is known."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reconciler.domain.events import Event, EventKind
from reconciler.errors import ObserveError
from reconciler.observe.history import history_of
from reconciler.observe.ledger import read_chain, read_events
from tests.builders import a_chain, an_event
from tests.examples import examples

QUICK = examples(2)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
numbers = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False))
details = st.dictionaries(st.sampled_from(["digest", "environment", "spec", "more"]), st.one_of(texts, numbers), max_size=4)
times = st.integers(0, 10**9).map(lambda seconds: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
lines = st.builds(
    an_event, id=texts, at=times, model=st.just("m"), kind=st.sampled_from(EventKind), message=texts, details=details
)
ledgers = st.lists(lines, max_size=6)


@QUICK
@given(ledgers)
def test_every_event_comes_back_in_its_order(events: list[Event]) -> None:
    assert list(read_events(a_chain(*events), "m.jsonl")) == events


@QUICK
@given(ledgers, ledgers)
def test_appending_never_changes_what_was_written(events: list[Event], more: list[Event]) -> None:
    before, after = a_chain(*events), a_chain(*events, *more)
    assert after.startswith(before)
    assert read_events(after, "m.jsonl")[: len(events)] == tuple(events)


@QUICK
@given(st.lists(lines, min_size=1, max_size=6), st.data())
def test_a_changed_byte_anywhere_breaks_the_chain_where_it_is(events: list[Event], data: st.DataObject) -> None:
    content = bytearray(a_chain(*events))
    place = data.draw(st.integers(0, len(content) - 1))
    line = content[:place].count(b"\n") + 1
    content[place] ^= data.draw(st.integers(1, 255))
    assert read_chain(bytes(content), "m.jsonl").broken.startswith(f"perennial/ledger m.jsonl:{line}: ")


@QUICK
@given(st.lists(lines, min_size=2, max_size=6), st.data())
def test_a_line_that_is_taken_out_breaks_the_chain_unless_it_is_the_last(events: list[Event], data: st.DataObject) -> None:
    whole = a_chain(*events).split(b"\n")
    place = data.draw(st.integers(0, len(events) - 2))
    chain = read_chain(b"\n".join(whole[:place] + whole[place + 1 :]), "m.jsonl")
    assert chain.broken
    assert chain.events == tuple(events[:place])


@QUICK
@given(ledgers, lines)
def test_a_line_more_forgets_no_promotion_and_no_refusal(events: list[Event], line: Event) -> None:
    before, after = history_of(events), history_of([*events, line])
    assert before.events <= after.events
    assert before.released <= after.released
    assert before.refused <= after.refused


@QUICK
@given(ledgers)
def test_failures_are_never_more_than_the_lines_that_say_so(events: list[Event]) -> None:
    history = history_of(events)
    assert history.failures <= sum(event.kind is EventKind.TRAINING_FAILED for event in events)
    assert (history.last_failed_at is None) == (history.failures == 0)


def complaint(content: bytes) -> ObserveError | None:
    try:
        history_of(read_events(content, "m.jsonl"))
    except ObserveError as error:
        return error
    return None


@QUICK
@given(st.binary(min_size=1, max_size=60))
def test_any_bytes_are_events_or_one_clear_error(content: bytes) -> None:
    error = complaint(content)
    assert error is not None
    assert "m.jsonl:1" in error.message
    assert error.help == "git log -p perennial/ledger -- m.jsonl"
