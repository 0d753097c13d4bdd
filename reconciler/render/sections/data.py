"""Sections on the data: what it promised, its columns, and its rows over time."""

from reconciler.domain.evidence import Evidence
from reconciler.domain.known import Missing
from reconciler.domain.measured.data import Changed, DailyRows, LiveSchema
from reconciler.render.sections.section import Section, Table, absent, beside

QUALITY, SCHEMA, VOLUME = "Expectations that were not met", "Columns", "Rows per day"
_DATES = 10
"""Empty days that are named."""


def quality_section(evidence: Evidence) -> Section | None:
    """What failed of the dataset's contract, the gravest first; no section when nothing did."""
    found = evidence.quality
    if isinstance(found, Missing):
        return None
    graded = (("critical", found.failures), ("warning", found.warnings), ("info", found.infos))
    rows = tuple((severity, said) for severity, sentences in graded for said in sentences)
    return Section(title=QUALITY, table=Table(head=("severity", "what failed"), rows=rows)) if rows else None


def schema_section(evidence: Evidence) -> Section | None:
    """What is otherwise than the contract says, and than the live model was made with."""
    found = evidence.schema
    if isinstance(found, Missing):
        return absent(SCHEMA, found)
    changes = [("contract", one) for one in found.breaches]
    notes = [f"{len(found.breaches)} of {found.columns} columns break the dataset's contract."]
    match found.live:
        case LiveSchema(changes=live, rows=rows, categories=categories):
            changes += [("live model", one) for one in live]
            notes.append(f"In {len(live)} ways otherwise than the live model's.")
            notes += [
                f"{name} has a category that the live model never saw in {one.unknown:,} of {rows:,} rows."
                for name, one in sorted(categories.items())
                if one.unknown
            ]
        case other:
            notes.append(beside(other, "The schema"))
    table = Table(head=("against", "column", "what", ""), rows=tuple(_change(*one) for one in changes)) if changes else None
    return Section(title=SCHEMA, table=table, notes=tuple(notes))


def _change(against: str, one: Changed) -> tuple[str, ...]:
    return against, one.column, str(one.kind), one.said


def volume_section(evidence: Evidence) -> Section | None:
    """How even the days are."""
    found = evidence.volume
    if isinstance(found, Missing):
        return absent(VOLUME, found)
    rows = (_days("training", found.train), _days("hold-out", found.holdout))
    table = Table(head=("rows", "whole days", "fewest on a day", "empty days"), rows=rows, right=frozenset({1, 2}))
    return Section(title=VOLUME, table=table)


def _days(what: str, daily: DailyRows) -> tuple[str, ...]:
    named = ", ".join(daily.empty[:_DATES]) + (f" and {len(daily.empty) - _DATES} more" if len(daily.empty) > _DATES else "")
    return what, f"{daily.days:,}", f"{daily.poorest:,}", named or "none"
