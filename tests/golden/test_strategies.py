"""The table of strategies in the pages is the one in the code."""

import re
from pathlib import Path

from reconciler.specs.serving import STRATEGIES, Runtime

HOW_TO = Path(__file__).parents[2] / "docs/how-to"


def cells(row: str) -> list[list[str]]:
    return [re.findall(r"`(\w+)`", cell) or [cell.strip()] for cell in row.strip("| ").split("|")]


def test_choosing_a_rollout_tells_what_can_do_it():
    section = (HOW_TO / "choose-a-rollout.md").read_text().partition("## What can do it")[2].partition("\n## ")[0]
    rows = [cells(row) for row in section.splitlines() if row.startswith("| `")]
    told = {(runtime, router): frozenset(kinds) for (runtime,), routers, kinds in rows for router in routers}
    assert told == {(runtime.value, router.value): kinds for (runtime, router), kinds in STRATEGIES.items()}


def test_argo_rollouts_routers_are_told():
    section = (HOW_TO / "serve-with-argo-rollouts.md").read_text().partition("## Which router does what")[2].partition("\n## ")[0]
    rows = [cells(row) for row in section.splitlines() if row.startswith("| ") and "rollouts" not in row and "---" not in row]
    told = {router: frozenset(kinds) for (router,), _, kinds in rows}
    assert told == {router.value: kinds for (runtime, router), kinds in STRATEGIES.items() if runtime is Runtime.ROLLOUT}
