"""What a section of the evidence is: a title, a table or none, and sentences; whoever shows it escapes it."""

from dataclasses import dataclass, field

from reconciler.domain.evidence import NOT_MEASURED
from reconciler.domain.known import Missing
from reconciler.domain.measured.comparison import NoBaseline
from reconciler.render.markdown import Marked, notes, table


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`right` are the columns whose cells stand at the right, counted from 0. A cell may be `Drawn`."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One measurement for people. `notes` stand below the table."""

    title: str
    table: Table | None = None
    notes: tuple[str, ...] = field(default=())


def folded(section: Section) -> dict[str, str]:
    """For templates: its title, and as Markdown what is under it."""
    parts = [table(one.head, one.rows, one.right) for one in ([section.table] if section.table else [])]
    listed = [notes(section.notes)] if section.notes else []
    return {"title": section.title, "text": Marked("\n\n".join([*parts, *listed]))}


def absent(title: str, missing: Missing) -> Section | None:
    """What is said of a measurement that is not there: nothing when nobody asked for it, else why."""
    return None if missing == NOT_MEASURED else Section(title=title, notes=(f"Not measured: {missing.why}.",))


def beside(compared: Missing | NoBaseline, what: str) -> str:
    """Why something was not compared with the live model."""
    return f"{what} is not compared: {'nothing is live yet' if isinstance(compared, NoBaseline) else compared.why}."
