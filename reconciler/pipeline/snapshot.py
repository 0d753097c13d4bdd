"""Stage 1 of 6, snapshot: the rows that one run may see, split by event time, fixed as two Parquet files and a record."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

from reconciler.domain.releases import DataRange, Lineage, digest_of, digest_of_bytes
from reconciler.errors import ReconcilerError
from reconciler.pipeline.build_json import data_range_text
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.rows import labelled, read_rows
from reconciler.pipeline.stored import write_run
from reconciler.pipeline.weights import confident
from reconciler.rules.fields import duration_text, time_text

if TYPE_CHECKING:
    import polars as pl

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
TRY = "another training.window or training.holdout in the model's spec, or another asOf in params.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Rows to learn from: [train_from, train_until), None is unbounded. Rows to judge by: [holdout_from, holdout_until)."""

    train_from: datetime | None
    train_until: datetime
    holdout_from: datetime
    holdout_until: datetime


def split_at(anchor: datetime, holdout: timedelta, window: timedelta | None, delay: timedelta) -> Split:
    """The newest rows before the anchor are the hold-out; between it and the training rows lies an embargo of the label delay.

    Without the embargo the model would learn from labels that were not known when the first hold-out rows happened.
    """
    holdout_from = anchor - holdout
    train_until = holdout_from - delay
    train_from = None if window is None else train_until - window
    return Split(train_from=train_from, train_until=train_until, holdout_from=holdout_from, holdout_until=anchor)


def snapshot(context: StageContext) -> str:
    """Write snapshot/train.parquet, snapshot/holdout.parquet and snapshot.json. Returns one line of what was read.

    Columns are the event time, the features, the protected columns, the label, the identifier where the dataset names one, and
    what weighs rows; rows without a label are left out. Raises ReconcilerError when there is too little to learn from or to
    judge by, ObserveError when the source cannot be read.
    """
    split, train, holdout = chosen_rows(context)
    contents = {"train": parquet(train), "holdout": parquet(holdout)}
    for name, content in contents.items():
        write_run(context, f"snapshot/{name}.parquet", content)
    digests, lineage = {name: digest_of_bytes(content) for name, content in contents.items()}, lineage_of(context)
    data = DataRange(
        dataset=context.dataset.name,
        digest=digest_of({**digests, **({"continues": lineage.continues} if lineage else {})}),
        as_of=context.parameters.as_of,
        train_from=begin_of(split.train_from, train[context.dataset.spec.event_time][0]),
        train_until=split.train_until,
        holdout_from=split.holdout_from,
        holdout_until=split.holdout_until,
        train_rows=train.height,
        holdout_rows=holdout.height,
        lineage=lineage,
    )
    write_run(context, "snapshot.json", data_range_text(data))
    return (
        f"{context.model.name}: {train.height:,} rows to train on, {holdout.height:,} to judge by, as of {time_text(data.as_of)}"
    )


def begin_of(wanted: datetime | None, first: datetime) -> datetime:
    """Where the training rows begin: as wanted, or, without a window or where data begins a day later or more, with the first."""
    begin = first.replace(microsecond=0)
    return begin if wanted is None or begin - wanted >= DAY else wanted


def chosen_rows(context: StageContext) -> tuple[Split, "pl.DataFrame", "pl.DataFrame"]:
    """The split, the rows to learn from, and those to judge by. Raises as `snapshot` does."""
    training = context.model.spec.training
    split = split_at(anchor_of(context), training.holdout, training.window, context.dataset.spec.label.delay)
    if context.continues is not None:  # the rows that its model has not seen
        split = replace(split, train_from=context.continues.data.train_until)
    train = confident(labelled_rows(context, split.train_from, split.train_until), training.label_confidence)
    holdout = labelled_rows(context, split.holdout_from, split.holdout_until)
    if not train.height or not holdout.height:
        raise ReconcilerError(too_little(context.model.name, split, train.height, holdout.height), help=TRY)
    return split, train, holdout


def lineage_of(context: StageContext) -> Lineage | None:
    """Which release the model goes on with, if it does. Raises ReconcilerError where the spec does not ask for it."""
    if context.continues is None:
        return None
    if context.model.spec.training.incremental is None:
        message = f"params.yaml has {context.model.name} go on with a release, but its spec has no training.incremental"
        raise ReconcilerError(message, help=f"set models.{context.model.name}.continues in params.yaml to none")
    return Lineage(continues=context.continues.digest, since=context.continues.data.since)


def too_little(model: str, split: Split, train_rows: int, holdout_rows: int) -> str:
    """The sentence that says how many rows there are, and when."""
    begin = "the first row" if split.train_from is None else time_text(split.train_from)
    return (
        f"{model}: {train_rows:,} labelled rows to train on (from {begin} until {time_text(split.train_until)}) and "
        f"{holdout_rows:,} to judge by (from {time_text(split.holdout_from)} until {time_text(split.holdout_until)}); "
        "both need at least 1"
    )


def anchor_of(context: StageContext) -> datetime:
    """Where the hold-out ends: just after the newest event whose label is known at asOf, so old data can be learnt from today.

    In whole seconds, as times are written. Raises ReconcilerError when no label is known.
    """
    label, mature = context.dataset.spec.label, context.parameters.as_of - context.dataset.spec.label.delay
    recent = mature - context.model.spec.training.holdout
    for start in (recent, None):  # the newest label is nearly always recent, and all history is read only if it is not
        known = labelled_rows(context, start, mature, features=False)
        if known.height:
            newest: datetime = known[context.dataset.spec.event_time][-1]
            return min(mature, newest.replace(microsecond=0) + SECOND)
    raise ReconcilerError(
        f"{context.model.name}: 0 labels of {context.dataset.name} are known as of {time_text(context.parameters.as_of)}, "
        f"at least 2 are needed ({label.column} is known {duration_text(label.delay)} after the event)",
        help=TRY,
    )


def labelled_rows(context: StageContext, start: datetime | None, end: datetime, *, features: bool = True) -> "pl.DataFrame":
    """Event time and label of the labelled rows in [start, end), and if wanted the other columns that `snapshot` lists."""
    body, model = context.dataset.spec, context.model.spec
    label, identifier = body.label.column, body.identifier
    more = (*([identifier] if identifier else []), *model.training.columns)
    wanted = (*model.features.names, *model.protected, label, *more) if features else (label,)
    columns = tuple(name for name in dict.fromkeys(wanted) if name != body.event_time)
    return labelled(read_rows(context.dataset, context.data, columns, start, end), label)


def parquet(rows: "pl.DataFrame") -> bytes:
    """The rows as Parquet; the same rows give the same bytes."""
    buffer = BytesIO()
    rows.write_parquet(buffer, compression="zstd", statistics=True)
    return buffer.getvalue()
