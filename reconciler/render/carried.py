"""Which releases manifests carry: read back from the annotation that every one of them has. Pure."""

import re
from collections.abc import Iterable

from reconciler.domain.names import Digest

_DIGEST = re.compile(r"^ +perennial/digest: \"?(sha256:[0-9a-f]{64})\"?$", re.MULTILINE)


def digests_of(manifests: Iterable[str]) -> frozenset[Digest]:
    """The digests of the releases in the texts of manifests."""
    return frozenset(Digest(found) for text in manifests for found in _DIGEST.findall(text))
