"""Every `type:` that may be written has a heading in the reference, and every field of it is told there."""

import re
from pathlib import Path
from typing import Annotated, get_args, get_origin

from reconciler.rules.alarms import ClusterAlarms
from reconciler.rules.analysis import Check
from reconciler.rules.fields import Written
from reconciler.rules.gates import Gate
from reconciler.rules.guards import Guard
from reconciler.rules.rollouts import Rollout
from reconciler.rules.triggers import Trigger
from tests.cases import each

REFERENCE = Path(__file__).parents[3] / "docs/reference"
PAGES = dict.fromkeys(("Triggers", "Guards", "Alarms", "Rollouts", "Checks"), "rules.md") | {"Gates": "gates.md"}
FAMILIES = {"Triggers": Trigger, "Guards": Guard, "Alarms": ClusterAlarms, "Gates": Gate, "Rollouts": Rollout, "Checks": Check}
PARTS = {
    family: dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", (REFERENCE / page).read_text(), re.MULTILINE | re.DOTALL))[family]
    for family, page in PAGES.items()
}
SECTIONS = {
    (family, name): told
    for family in FAMILIES
    for name, told in re.findall(r"^### (\w+)\n(.*?)(?=^##|\Z)", PARTS[family], re.MULTILINE | re.DOTALL)
}
"""Two families may have a type of one name, such as the trigger and the gate `dataQuality`."""


def members(union: object) -> list[type[Written]]:
    """The classes of a union, however it is annotated."""
    if isinstance(union, type):
        return [union]
    inner = get_args(union)[:1] if get_origin(union) is Annotated else get_args(union)
    return [rule for part in inner for rule in members(part)]


def heading(rule: type[Written]) -> str:
    """The word in `type:`, or the key of a combination."""
    field = rule.model_fields.get("type")
    if field:
        return str(get_args(field.annotation)[0])
    name, field = next(iter(rule.model_fields.items()))
    return field.alias or name


RULES = {(family, heading(rule)): rule for family, union in FAMILIES.items() for rule in members(union)}


def test_the_unions_are_seen_whole():
    wanted = {"any", "all", "not", "atLeast", "schedule", "cooldown", "beatsLive", "direct"}
    assert wanted < {name for _, name in RULES}


@each(("family", "name"), RULES)
def test_every_type_has_a_heading_that_tells_every_field(family, name):
    rule = RULES[family, name]
    fields = {field.alias or attribute for attribute, field in rule.model_fields.items() if attribute != "type"}
    told = set(re.findall(r"`(\w+)`", SECTIONS[family, name]))
    assert fields <= told


def test_nothing_is_documented_that_cannot_be_written():
    assert set(SECTIONS) == set(RULES)
