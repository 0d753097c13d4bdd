"""The dataset contract as commented YAML. Pure."""

import math
from collections.abc import Iterator

from reconciler.domain.data import FileFormat
from reconciler.domain.survey import TableSurvey
from reconciler.rules.fields import duration_text, time_text
from reconciler.specs.draft.columns import ColumnDraft, Role
from reconciler.specs.draft.quoting import listed, number, quoted, shown
from reconciler.specs.draft.target import TargetDraft
from reconciler.specs.draft.timing import Timing
from reconciler.specs.draft.wishes import Wishes

_WIDEST = 130
_MOST_EXPECTED = 20


def dataset_text(
    table: TableSurvey, wishes: Wishes, target: TargetDraft, columns: tuple[ColumnDraft, ...], timing: Timing
) -> str:
    """`datasets/<name>.yaml`, whole."""
    lines = [
        "# yaml-language-server: $schema=../schemas/dataset.json",
        "#",
        f"# The contract of {shown(table.path)}, drafted from one reading of its {table.rows:,} rows",
        f"# ({time_text(table.first)} to {time_text(table.last)}). `perennial validate` checks this file, and the stage",
        "# `validate` the rows of every run against it. Ranges have room on both sides: tighten what you know better.",
        *_remarks(table),
        "apiVersion: perennial/v1",
        "kind: Dataset",
        "metadata:",
        f"  name: {wishes.dataset}",
        *([f"  owner: {quoted(wishes.owner)}"] if wishes.owner else []),
        "spec:",
        "  # A relative path starts at the top of the repository. Other types are `sql` and `python`.",
        f"  source: {_source(table)}",
        f"  eventTime: {quoted(table.time_column)}   # times without a zone are UTC",
        "",
        "  # How long after the event its label is known: no run uses it earlier, and splits leave that gap. CHECK this guess.",
        f"  label: {{column: {quoted(target.name)}, delay: {duration_text(timing.label_delay)}}}",
        "",
        "  # CHECK each `known`: a column that is filled in later is a leak; `known: after` keeps it out of all models.",
        "  columns:",
        *_columns(table, target, columns),
        "",
        "  # Great Expectations, beyond what follows from the columns. A failed one closes the gate dataQuality.",
        "  expectations:",
        *_expectations(table, columns),
    ]
    return "\n".join(lines) + "\n"


def _remarks(table: TableSurvey) -> Iterator[str]:
    """What the reader of the contract should know of the table."""
    if table.without_time:
        yield f"# {table.without_time:,} rows have no {shown(table.time_column)}: no run ever reads them."
    if table.label.missing:
        yield f"# {table.label.missing:,} rows have no {shown(table.target)}: nothing is learnt from them."
    if table.duplicates:
        yield f"# {table.duplicates:,} rows repeat another row in all columns: are they meant to count twice?"
    if table.unnamed:
        yield f"# {table.unnamed} column without a name (often the row number of an export) is left out."


def _source(table: TableSurvey) -> str:
    parts = [f"path: {quoted(table.path)}", f"format: {table.format}"]
    if table.format is FileFormat.CSV and table.separator != ",":
        parts.append(f"separator: {quoted(table.separator)}")
    if table.time_format:
        parts.append(f"timeFormat: {quoted(table.time_format)}")
    return f"{{type: file, {', '.join(parts)}}}"


def _columns(table: TableSurvey, target: TargetDraft, columns: tuple[ColumnDraft, ...]) -> Iterator[str]:
    """One item per column, in the order of the file."""
    known = {column.name: column for column in columns}
    for one in table.columns:
        if one.name == table.time_column:
            yield f"    - {{name: {quoted(one.name)}, type: time, known: before, nullable: false}}"
        elif one.name == target.name:
            yield f"    # The label: {target.why}."
            yield from _label(target)
        else:
            yield from _column(known[one.name])


def _label(target: TargetDraft) -> Iterator[str]:
    parts = [f"name: {quoted(target.name)}", f"type: {target.type}", "known: after", "nullable: true"]
    yield from _item([*parts, *_range(target.minimum, target.maximum)], target.categories)


def _column(column: ColumnDraft) -> Iterator[str]:
    if column.why:
        yield f"    # {'No feature: ' if column.role is Role.LEFT_OUT else ''}{column.why}."
    parts = [f"name: {quoted(column.name)}", f"type: {column.type}", f"known: {'after' if column.leak else 'before'}"]
    parts.append(f"nullable: {'true' if column.nullable else 'false'}")
    yield from _item([*parts, *_range(column.minimum, column.maximum)], column.categories)


def _range(minimum: float | None, maximum: float | None) -> list[str]:
    return [f"{key}: {number(value)}" for key, value in (("minimum", minimum), ("maximum", maximum)) if value is not None]


def _item(parts: list[str], categories: tuple[str, ...] | None) -> Iterator[str]:
    """On one line if it fits, else with the categories below each other."""
    flow = f"    - {{{', '.join(parts if categories is None else [*parts, f'categories: {listed(categories)}'])}}}"
    if categories is None or len(flow) <= _WIDEST:
        yield flow
        return
    yield f"    - {parts[0]}"
    yield from (f"      {part}" for part in parts[1:])
    yield "      categories:"
    yield from (f"        - {quoted(category)}" for category in categories)


def _expectations(table: TableSurvey, columns: tuple[ColumnDraft, ...]) -> Iterator[str]:
    """Few and robust: enough rows, no feature that falls silent, none that freezes."""
    yield f"    - {{type: expect_table_row_count_to_be_between, arguments: {{min_value: {max(50, table.label.present // 10)}}}}}"
    used = [column for column in columns if column.role is not Role.LEFT_OUT]
    varied = [column for column in used if column.role is Role.CATEGORICAL and table.column(column.name).distinct > 2]
    for column in varied[:_MOST_EXPECTED]:
        where = f"{{column: {quoted(column.name)}, min_value: 2}}"
        yield f"    - {{type: expect_column_unique_value_count_to_be_between, arguments: {where}}}"
    gappy = [(column, _mostly(table, column)) for column in used if column.nullable]
    for column, mostly in [(column, mostly) for column, mostly in gappy if mostly > 0][:_MOST_EXPECTED]:
        where = f"{{column: {quoted(column.name)}, mostly: {number(mostly)}}}"
        yield f"    - {{type: expect_column_values_to_not_be_null, arguments: {where}}}"


def _mostly(table: TableSurvey, column: ColumnDraft) -> float:
    """A tenth less than the smaller share of values of both halves of the rows, in tenths; 0 when that says nothing."""
    one = table.column(column.name)
    newer = table.rows - table.rows // 2
    older = max(1, table.rows - newer)
    share = 1 - max(one.late_missing / newer, (one.missing - one.late_missing) / older)
    return max(0.0, math.floor(10 * share - 1) / 10)
