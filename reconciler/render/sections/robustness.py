"""Section: what spoiled inputs cost."""

from collections.abc import Iterator

from reconciler.domain.evidence import Evidence, Gain
from reconciler.domain.known import Missing
from reconciler.domain.measured.robustness import Strain
from reconciler.render.charts import interval
from reconciler.render.markdown import Drawn
from reconciler.render.numbers import NOTHING, between, number
from reconciler.render.sections.section import Section, Table, absent

TITLE = "How it stands spoiled inputs"
_HEAD = ("what was done", "metric", "as it is", "spoiled", "change", "95 %", "")


def robustness_section(evidence: Evidence) -> Section | None:
    """Every trial of the gates `robustness`: the metric with and without, relations, and what broke."""
    found = evidence.robustness
    if isinstance(found, Missing):
        return absent(TITLE, found)
    strains = [strain for _, strain in sorted(found.strains.items())]
    far = max((abs(bound) for strain in strains for bound in bounds_of(strain.gain) or ()), default=0.0)
    rows = tuple(_row(strain, far) for strain in strains)
    table = Table(head=_HEAD, rows=rows, right=frozenset({2, 3, 4})) if rows else None
    broken = [f"The model breaks: {why}." for _, why in sorted(found.broken.items())]
    relations = [
        f"{' '.join(key.split('/')[1:])}: {one.against:,} of {one.rows:,} answers go against it."
        for key, one in sorted(found.responses.items())
    ]
    return Section(title=TITLE, table=table, notes=(*broken, *relations, *_meaning(bool(rows))))


def _row(strain: Strain, far: float) -> tuple[str, ...]:
    gain = strain.gain
    what = f"{strain.what}{f', worst {strain.feature}' if strain.feature else ''}"
    bounds = bounds_of(gain)
    return (
        what,
        gain.metric,
        number(gain.champion),
        number(gain.challenger),
        number(gain.gain, signed=True),
        between(*bounds, signed=True) if bounds else NOTHING,
        Drawn(interval(bounds[0], gain.gain, bounds[1], far)) if bounds else "",
    )


def bounds_of(gain: Gain) -> tuple[float, float] | None:
    """The two-sided 95 % interval of the gain, from the paired bootstrap; None when its quantiles were not kept."""
    low, high = gain.quantiles.get(0.025), gain.quantiles.get(0.975)
    return None if low is None or high is None else (low, high)


def _meaning(shown: bool) -> Iterator[str]:  # noqa: FBT001
    if shown:
        yield "A positive change is better, whatever the metric; the middle of the drawings is no change."
