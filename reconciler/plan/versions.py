"""Version numbers of releases. Pure."""

import re

from reconciler.domain.facts import ModelFacts
from reconciler.domain.names import Digest

FIRST = "1.0.0"
_VERSION = re.compile(r"@v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$")


def next_version(facts: ModelFacts, digest: Digest) -> str:
    """The digest's version where an environment runs it already; else one minor above the highest that ever was."""
    for release in facts.releases.values():
        if release.digest == digest:
            return release.version
    seen = [found.groups() for tag in facts.tags if (found := _VERSION.search(tag))]
    seen += [tuple(release.version.split(".")) for release in facts.releases.values()]
    if not seen:
        return FIRST
    major, minor, _ = max(tuple(int(part) for part in version) for version in seen)
    return f"{major}.{minor + 1}.0"
