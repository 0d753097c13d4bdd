"""Laws of the logs: however rows are split into appends, in whatever order and how often, what is read is the same."""

import uuid
from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from reconciler.adapters.logs import ParquetLogs
from reconciler.adapters.logs.append import LabelLog, PredictionLog

START = datetime(2013, 3, 1, tzinfo=UTC)
END = START + timedelta(days=3)
MOMENTS = st.integers(0, 72 * 60 - 1).map(lambda minute: START + timedelta(minutes=minute))
EVENTS = st.lists(st.tuples(st.sampled_from("abcdef"), MOMENTS), min_size=1, max_size=7, unique=True)


def frames(events: list[tuple[str, datetime]], cut: int) -> list[pl.DataFrame]:
    """The events in frames of at most `cut` rows in which no id comes twice; the value tells the event."""
    parts: list[list[tuple[int, str, datetime]]] = [[]]
    for id, at in events:
        if len(parts[-1]) == cut or id in {one for _, one, _ in parts[-1]}:
            parts.append([])
        parts[-1].append(((at - START) // timedelta(minutes=1), id, at))
    return [pl.DataFrame(part, schema=["value", "id", "at"], orient="row") for part in parts]


@given(events=EVENTS, cuts=st.tuples(st.integers(1, 5), st.integers(1, 5)), data=st.data())
def test_of_every_id_the_label_that_was_known_last_is_read(
    events: list[tuple[str, datetime]], cuts: tuple[int, int], data: st.DataObject
) -> None:
    newest = dict(sorted(events, key=lambda event: event[1]))
    seen = []
    for cut in cuts:
        address = f"memory://{uuid.uuid4().hex}"
        for part in frames(data.draw(st.permutations(events)), cut):
            for _ in range(data.draw(st.integers(1, 2))):
                LabelLog(address).append("alpha", part.rename({"value": "label", "at": "known"}))
        seen.append(ParquetLogs(address).labels("alpha", START, END))

    assert seen[0].equals(seen[1])
    assert dict(seen[0].select("id", "known").rows()) == newest
    assert all(label == (known - START) // timedelta(minutes=1) for _, label, known in seen[0].rows())


@given(events=EVENTS, cut=st.integers(1, 5), bounds=st.tuples(MOMENTS, MOMENTS))
def test_ranges_side_by_side_hold_every_prediction_and_its_first_time(
    events: list[tuple[str, datetime]], cut: int, bounds: tuple[datetime, datetime]
) -> None:
    address = f"memory://{uuid.uuid4().hex}"
    for part in frames(events, cut):
        rows = part.rename({"value": "prediction", "at": "time"}).with_columns(digest=pl.lit("sha256:a"))
        PredictionLog(address).append("alpha", rows)
    low, high = sorted(bounds)
    for start, end in ((START, low), (low, high), (high, END)):
        found = ParquetLogs(address).predictions("alpha", start, end)
        first = {id: at for id, at in sorted(events, key=lambda event: event[1], reverse=True) if start <= at < end}

        assert dict(found.select("id", "time").rows()) == first
        assert found["time"].is_sorted()
