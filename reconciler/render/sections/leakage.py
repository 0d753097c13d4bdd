"""Section: whether the model could have seen what it is asked about."""

from reconciler.domain.evidence import Evidence
from reconciler.domain.known import Missing
from reconciler.domain.measured.data import Alone, Leakage, SharedRows
from reconciler.render.charts import bar
from reconciler.render.markdown import Drawn
from reconciler.render.numbers import number, percent
from reconciler.render.sections.section import Section, Table, absent
from reconciler.rules.fields import time_text

TITLE = "What it could have seen beforehand"
SHOWN = 8
"""Features that get a row: those that tell most by themselves."""


def leakage_section(evidence: Evidence) -> Section | None:
    """Rows that training and hold-out share, labels from the future, and how much a feature alone tells."""
    found = evidence.leakage
    if isinstance(found, Missing):
        return absent(TITLE, found)
    table = _alone(found.alone) if isinstance(found.alone, Alone) else None
    return Section(title=TITLE, table=table, notes=tuple(_notes(found)))


def _alone(alone: Alone) -> Table:
    ranked = sorted(alone.features, key=lambda name: (-alone.features[name], name))
    rows = [(name, Drawn(bar(alone.features[name])), number(alone.features[name])) for name in ranked[:SHOWN]]
    whole = ("the whole model", Drawn(bar(alone.model)), number(alone.model))
    return Table(head=("alone", "", alone.measure), rows=(whole, *rows), right=frozenset({2}))


def _notes(found: Leakage) -> list[str]:
    said = [_shared(found.rows), _shared(found.contents)]
    said.append(f"{found.early_labels:,} training rows have labels that were not known yet at {time_text(found.holdout_from)}.")
    if found.known_after:
        said.append(f"Known only after the event: {', '.join(found.known_after)}.")
    if isinstance(found.alone, Missing):
        said.append(f"What a feature alone tells is not known: {found.alone.why}.")
    return said


def _shared(rows: SharedRows) -> str:
    shared = f"{rows.shared:,} of {rows.rows:,} rows of the hold-out are in the training rows too, told by {rows.by}"
    return f"{shared}; {percent(rows.chance)} would be anyway."
