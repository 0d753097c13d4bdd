"""Sections on the finished package: time, memory, the serving environment, the same answers, and what a team's own checks say."""

from collections.abc import Mapping

from reconciler.domain.evidence import Evidence, NoBaseline
from reconciler.domain.known import Known, Missing
from reconciler.domain.measured.serving import Latency, Memory, Opinion, TimesLive
from reconciler.domain.names import short
from reconciler.render.numbers import NOTHING, number, seconds, size
from reconciler.render.sections.section import Section, Table, absent

LATENCY, MEMORY, INFRA, PARITY = "Latency", "Memory", "The serving environment", "Served as predicted"
CUSTOM, REPEATED = "The team's own checks", "Trained twice"


def latency_section(evidence: Evidence) -> Section | None:
    """Time per request, by the rows of a request."""
    found = evidence.latency
    if isinstance(found, Missing):
        return absent(LATENCY, found)
    known = {key: one for key, one in sorted(found.items()) if isinstance(one, Latency)}
    rows = tuple(
        (f"{one.rows:,}", seconds(one.p50.middle), seconds(one.p95.middle), _times(one), f"{one.calls:,}")
        for one in known.values()
    )
    table = Table(head=("rows", "p50", "p95", "times live", "requests"), rows=rows, right=frozenset(range(5))) if rows else None
    return Section(title=LATENCY, table=table, notes=_unmeasured(found))


def _times(latency: Latency) -> str:
    match latency.live:
        case TimesLive(times=times):
            return f"{number(times.middle)} ({number(times.low)} to {number(times.high)})"
        case NoBaseline() | Missing():
            return NOTHING


def memory_section(evidence: Evidence) -> Section | None:
    """The largest memory of a process, and what of it is the package's."""
    found = evidence.memory
    if isinstance(found, Missing):
        return absent(MEMORY, found)
    known = [one for _, one in sorted(found.items()) if isinstance(one, Memory)]
    rows = tuple((f"{one.rows:,}", size(one.peak.middle), size(one.peak.middle - one.libraries)) for one in known)
    table = Table(head=("rows", "at most", "beyond the libraries"), rows=rows, right=frozenset(range(3))) if rows else None
    return Section(title=MEMORY, table=table, notes=_unmeasured(found))


def infra_section(evidence: Evidence) -> Section | None:
    """Versions there and here, and whether the samples were answered."""
    found = evidence.infra
    if isinstance(found, Missing):
        return absent(INFRA, found)
    rows = tuple((name, version, found.installed.get(name, "not installed")) for name, version in sorted(found.made.items()))
    said = (
        f"it was not asked: {found.answered.why}"
        if isinstance(found.answered, Missing)
        else f"{found.answered} of {found.samples} sample requests were answered"
    )
    where = "the environment of the training" if isinstance(evidence.interpreter, Missing) else evidence.interpreter
    notes = (f"In {where or 'the environment of the training'}: {said}.", *found.otherwise)
    return Section(title=INFRA, table=Table(head=("package", "made with", "installed"), rows=rows), notes=notes)


def parity_section(evidence: Evidence) -> Section | None:
    """How far served answers are from offline predictions."""
    found = evidence.parity
    if isinstance(found, Missing):
        return absent(PARITY, found)
    rows = (
        ("requests of one row", f"{found.alone:,}", number(found.one_by_one)),
        ("one request of all rows", f"{found.rows:,}", number(found.together)),
        ("the package's samples", f"{found.sample_rows:,}", number(found.samples)),
    )
    table = Table(head=("asked as", "rows", "farthest difference"), rows=rows, right=frozenset({1, 2}))
    unanswered = (f"{found.unanswered:,} rows were not answered.",) if found.unanswered else ()
    return Section(title=PARITY, table=table, notes=(*unanswered, *found.changed))


def custom_section(evidence: Evidence) -> Section | None:
    """What each of them said."""
    found = evidence.custom
    if isinstance(found, Missing):
        return absent(CUSTOM, found)
    rows = tuple((key, str(one.answer), one.message) for key, one in sorted(found.items()) if isinstance(one, Opinion))
    table = Table(head=("check", "answer", "what it said"), rows=rows) if rows else None
    return Section(title=CUSTOM, table=table, notes=_unmeasured(found))


def repeated_section(evidence: Evidence) -> Section | None:
    """Both digests."""
    found = evidence.repeated
    if isinstance(found, Missing):
        return absent(REPEATED, found)
    same = "the same bytes" if found.first == found.second else "other bytes"
    return Section(title=REPEATED, notes=(f"A second training gave {same}: {short(found.first)} and {short(found.second)}.",))


def _unmeasured(found: Mapping[str, Known[object]]) -> tuple[str, ...]:
    return tuple(f"{key}: {one.why}." for key, one in sorted(found.items()) if isinstance(one, Missing))
