"""Section: whether probabilities mean what they say."""

from reconciler.domain.evidence import Evidence
from reconciler.domain.known import Missing
from reconciler.domain.measured.calibration import Bin, Calibration, CalibrationGain
from reconciler.render.charts import bar
from reconciler.render.markdown import Drawn
from reconciler.render.numbers import percent, with_interval
from reconciler.render.sections.section import Section, Table, absent, beside

TITLE = "Whether its probabilities hold"


def calibration_section(evidence: Evidence) -> Section | None:
    """Bins of equal mass: what was said, and in which share of rows it happened."""
    found = evidence.calibration
    if isinstance(found, Missing):
        return absent(TITLE, found)
    rows = tuple(_row(one) for one in found.candidate.bins)
    table = Table(head=("said", "happened", "", "rows"), rows=rows, right=frozenset({0, 1, 3}))
    return Section(title=TITLE, table=table, notes=_notes(found))


def _row(one: Bin) -> tuple[str, ...]:
    return percent(one.predicted), percent(one.observed), Drawn(bar(one.observed)), f"{one.rows:,}"


def _notes(found: Calibration) -> tuple[str, ...]:
    own = found.candidate
    said = f"Brier score {with_interval(own.brier)}, expected calibration error {with_interval(own.error)}; less is better."
    match found.gain:
        case CalibrationGain(brier=brier, error=error):
            gain = f"Less than the live model's on the same rows by {with_interval(brier)} and {with_interval(error)}."
            return said, gain
        case other:
            return said, beside(other, "Calibration")
