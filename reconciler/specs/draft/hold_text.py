"""A person's stop sign as YAML. Pure."""

from collections.abc import Sequence
from datetime import datetime

from reconciler.rules.fields import time_text
from reconciler.specs.draft.quoting import quoted


def hold_text(model: str, reason: str, owner: str, until: datetime | None, environments: Sequence[str] = ()) -> str:
    """`models/<model>/hold.yaml`, whole."""
    named = " or ".join(environments)
    what = f"new of it is released to {named}" if named else "of it is trained, proposed or rolled out"
    lines = [
        "# yaml-language-server: $schema=../../schemas/hold.json",
        "#",
        f"# While this is on main, nothing {what}. Lift it: perennial hold {model} --lift",
        "apiVersion: perennial/v1",
        "kind: Hold",
        "metadata:",
        f"  name: {model}",
        "spec:",
        f"  reason: {quoted(reason)}",
        f"  owner: {quoted(owner)}",
        *([f'  until: "{time_text(until)}"   # then it ends by itself'] if until else []),
        *([f"  environments: [{', '.join(environments)}]"] if environments else []),
    ]
    return "\n".join(lines) + "\n"
