"""Stage 1 of 6, beside snapshot: what of the specs makes the model, as one file that later stages depend on.

Optional keys of a YAML file cannot be named as DVC parameters, and a spec holds much that only steers. So the first stage
writes the part that matters, and an edit of anything else leaves training alone.
"""

from reconciler.pipeline.build_json import json_text
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.stored import write_run
from reconciler.specs.fingerprint import what_makes

DEFINITION = "definition.json"


def write_definition(context: StageContext) -> None:
    """Write `runs/<model>/definition.json`: the parts of model and dataset that the fingerprint's `spec` covers."""
    dataset = context.dataset.spec.model_dump(mode="json", by_alias=True)
    write_run(context, DEFINITION, json_text({"model": what_makes(context.model), "dataset": dataset}))
