"""Rollout `direct`: the merged release replaces the old one at once."""

from typing import Literal

from reconciler.rules.fields import Written


class Direct(Written):
    """All traffic moves as soon as the manifests are synced."""

    type: Literal["direct"]
