"""The measurements as sections for people: for pull requests, model cards and pages. One function each, in the order shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from reconciler.domain.evidence import Evidence
from reconciler.domain.known import Missing
from reconciler.render.sections.calibration import calibration_section
from reconciler.render.sections.data import quality_section, schema_section, volume_section
from reconciler.render.sections.gap import gap_section
from reconciler.render.sections.groups import fairness_section, slices_section
from reconciler.render.sections.importance import importance_section, kept_section
from reconciler.render.sections.labels import labels_section
from reconciler.render.sections.leakage import leakage_section
from reconciler.render.sections.robustness import robustness_section
from reconciler.render.sections.section import Section
from reconciler.render.sections.serving import (
    custom_section,
    infra_section,
    latency_section,
    memory_section,
    parity_section,
    repeated_section,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How a field of `Evidence` is shown; `asks` says in words what it answers."""

    field: str
    asks: str
    section: Callable[[Evidence], Section | None]


SECTIONS: tuple[Shown, ...] = (
    Shown(field="importance", asks="which features it leans on, beside the live model", section=importance_section),
    Shown(field="slices", asks="how it does on parts of the rows", section=slices_section),
    Shown(field="fairness", asks="how it treats groups", section=fairness_section),
    Shown(field="calibration", asks="whether its probabilities hold", section=calibration_section),
    Shown(field="robustness", asks="how it stands spoiled inputs", section=robustness_section),
    Shown(field="training", asks="how much better it is on rows that it learnt from", section=gap_section),
    Shown(field="custom", asks="the team's own checks", section=custom_section),
    Shown(field="latency", asks="how long its answers take", section=latency_section),
    Shown(field="memory", asks="how much memory it takes", section=memory_section),
    Shown(field="infra", asks="whether it loads and answers in the serving environment", section=infra_section),
    Shown(field="parity", asks="whether it is served as it was predicted", section=parity_section),
    Shown(field="repeated", asks="whether a second training gives the same bytes", section=repeated_section),
    Shown(field="leakage", asks="whether it could have seen what it is asked about", section=leakage_section),
    Shown(field="labels", asks="whether its labels look as such labels do", section=labels_section),
    Shown(field="quality", asks="whether the data keeps its contract", section=quality_section),
    Shown(field="schema", asks="whether the columns are those of the contract and of the live model", section=schema_section),
    Shown(field="volume", asks="whether every day has its rows", section=volume_section),
)
"""In the order of pull requests, cards and pages. What was not measured, because nobody asked, has no section."""


NOTHING_KEPT: Mapping[str, float] = MappingProxyType({})


def sections_of(evidence: Evidence, kept: Mapping[str, float] = NOTHING_KEPT) -> list[Section]:
    """What was measured, and why what was asked for could not be.

    `kept` is the importance that training keeps with every model; it is shown where no gate asked for more.
    """
    lesser = kept_section(kept) if isinstance(evidence.importance, Missing) else None
    found = [section for shown in SECTIONS if (section := shown.section(evidence)) is not None]
    return [lesser, *found] if lesser else found


def untested(evidence: Evidence) -> list[str]:
    """What nobody looked at, in words."""
    return [shown.asks for shown in SECTIONS if isinstance(getattr(evidence, shown.field), Missing)]
