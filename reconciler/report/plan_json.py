"""A plan for programs: the same plan gives the same bytes, with every byte that a commit or a pull request will contain."""

from reconciler.plan.plan import Plan
from reconciler.render.canonical import canonical_json


def plan_json(plan: Plan) -> str:
    """`{at, revision, decisions: [{type, ...}], steps: [{type, ...}], notices: [{...}]}`, sorted keys, a newline at the end."""
    return canonical_json(plan)
