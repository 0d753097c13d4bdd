"""Stage 1 of 5, beside snapshot: what of the specs makes the model, as one file that later stages depend on.

Optional keys of a YAML file cannot be named as DVC parameters, and a spec holds much that only steers. So the first stage
writes the part that matters, and an edit of anything else leaves training alone.
"""

from reconciler.pipeline.build_json import json_text
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.stored import write_run
from reconciler.specs.fingerprint import MAKES_THE_MODEL

DEFINITION = "definition.json"


def write_definition(context: StageContext) -> None:
    """Write `runs/<model>/definition.json`: the parts of model and dataset that the fingerprint's `spec` covers."""
    model = context.model.spec.model_dump(mode="json", by_alias=True, include=set(MAKES_THE_MODEL))
    dataset = context.dataset.spec.model_dump(mode="json", by_alias=True)
    write_run(context, DEFINITION, json_text({"model": model, "dataset": dataset}))
