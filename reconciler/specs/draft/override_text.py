"""A reviewed override as YAML. Pure."""

from reconciler.domain.names import override_path
from reconciler.domain.overrides import GateOverride
from reconciler.rules.fields import time_text
from reconciler.specs.draft.quoting import quoted
from reconciler.specs.places import schema_comment


def override_text(model: str, override: GateOverride) -> str:
    """`models/<model>/override.yaml`, whole."""
    about = f"champion: {override.champion}" if override.champion else f"candidate: {override.candidate}"
    lines = [
        schema_comment(override_path(model)),
        "#",
        "# From this time to that one these gates do not keep a candidate from being proposed, whatever they say.",
        "apiVersion: perennial/v1",
        "kind: Override",
        "metadata:",
        f"  name: {model}",
        "spec:",
        f"  gates: [{', '.join(quoted(gate) for gate in override.gates)}]",
        f"  {about}",
        f"  owner: {quoted(override.owner)}",
        f"  reason: {quoted(override.reason)}",
        f'  from: "{time_text(override.since)}"',
        f'  until: "{time_text(override.until)}"',
    ]
    return "\n".join(lines) + "\n"
