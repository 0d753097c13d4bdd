"""Gates let a candidate be promoted: YES is "passes". The union of all `type:`s."""

from typing import Annotated, TypeAlias

from pydantic import Field

from reconciler.rules.combine import judge_all
from reconciler.rules.gates.beats_live import BeatsLive
from reconciler.rules.gates.data_quality import DataQuality
from reconciler.rules.gates.floor import Floor

__all__ = ["BeatsLive", "DataQuality", "Floor", "Gate", "judge_all"]

Gate: TypeAlias = Annotated[DataQuality | Floor | BeatsLive, Field(discriminator="type")]
