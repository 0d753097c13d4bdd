"""Whose health a cluster tells: only what is surely about the release that main names may take it back."""

from reconciler.domain.clusters import Deployed
from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown
from reconciler.domain.known import Missing
from reconciler.domain.names import short
from reconciler.rules.base import Rule


class ClusterAlarm(Rule):
    """An alarm that listens to the cluster of one environment."""

    type: str

    def judge_in(self, facts: ModelFacts, environment: str) -> Judgement | Deployed:
        """What the cluster says of the very release that main names there, or why nothing can be said of it."""
        release, seen = facts.releases.get(environment), facts.deployed.get(environment)
        if release is None:
            return no(self.type, "nothingRuns", f"main names no release for {environment}")
        match seen:
            case None:
                return unknown(self.type, "noCluster", f"no cluster was looked at for {environment}")
            case Missing(code=code, why=why):
                return unknown(self.type, code, why)
            case Deployed(digests=digests) if not digests:
                return unknown(self.type, "digestNotSeen", f"{seen.application} does not tell which release it runs")
            case Deployed(digests=digests) if release.digest not in digests:
                there = ", ".join(sorted(short(digest) for digest in digests))
                return unknown(self.type, "notThereYet", f"{seen.application} runs {there}, main names {short(release.digest)}")
            case _:
                return seen
