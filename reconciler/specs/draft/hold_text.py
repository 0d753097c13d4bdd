"""A person's stop sign as YAML. Pure."""

from datetime import datetime

from reconciler.rules.fields import time_text
from reconciler.specs.draft.quoting import quoted


def hold_text(model: str, reason: str, owner: str, until: datetime | None) -> str:
    """`models/<model>/hold.yaml`, whole."""
    lines = [
        "# yaml-language-server: $schema=../../schemas/hold.json",
        "#",
        f"# While this is on main, nothing of it is trained, proposed or rolled out. Lift it: perennial hold {model} --lift",
        "apiVersion: perennial/v1",
        "kind: Hold",
        "metadata:",
        f"  name: {model}",
        "spec:",
        f"  reason: {quoted(reason)}",
        f"  owner: {quoted(owner)}",
        *([f'  until: "{time_text(until)}"   # then it ends by itself'] if until else []),
    ]
    return "\n".join(lines) + "\n"
