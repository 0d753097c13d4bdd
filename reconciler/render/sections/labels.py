"""Section: whether labels look as labels of this kind do."""

from reconciler.domain.evidence import Evidence
from reconciler.domain.known import Missing
from reconciler.domain.measured.data import NewerRows, Suspect
from reconciler.render.numbers import number
from reconciler.render.sections.section import Section, Table, absent, beside

TITLE = "How odd its labels are"
SHOWN = 10
"""Segments that get a row: the oddest."""


def labels_section(evidence: Evidence) -> Section | None:
    """The oddest segments, which need not be odd enough for a gate to refuse them."""
    found = evidence.labels
    if isinstance(found, Missing):
        return absent(TITLE, found)
    rows = tuple(_row(one) for one in found.suspects[:SHOWN])
    head = ("segment", "test", "by", "rows", "observed", "expected", "p", "spreads away")
    table = Table(head=head, rows=rows, right=frozenset({3, 4, 5, 6, 7})) if rows else None
    match found.live:
        case NewerRows(rows=newer):
            asked = f"The live model was asked about {newer:,} newer rows."
        case other:
            asked = beside(other, "What the live model would say")
    looked = f"{found.rows:,} rows in {found.segments:,} segments were looked at; the oddest of them are listed."
    return Section(title=TITLE, table=table, notes=(looked, asked))


def _row(one: Suspect) -> tuple[str, ...]:
    numbers = (one.observed, one.expected, one.p_value, one.distance)
    return one.segment, str(one.test), one.by, f"{one.rows:,}", *map(number, numbers)
