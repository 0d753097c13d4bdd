"""What was measured of the data that a candidate was made from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """The result of the dataset contract's expectations on a snapshot: sentences on what failed, by severity.

    `failures` are the critical ones, as every expectation is that does not say otherwise.
    """

    evaluated: int
    failures: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    infos: tuple[str, ...] = ()
