"""Tallies as JSON, for the memory: exact numbers go in, and the same come out. Pure."""

import json
from fractions import Fraction

from reconciler.domain.tallies import Buckets, Share, Sums, Tally


def tally_text(tally: Tally) -> str:
    """The tally as JSON."""
    match tally:
        case Share(rows=rows, hits=hits):
            return json.dumps({"share": [rows, hits]})
        case Sums(rows=rows, total=total, squares=squares):
            return json.dumps({"sums": [rows, str(total), str(squares)]})
        case Buckets(counts=counts, edges=edges):
            return json.dumps({"buckets": [list(counts), list(edges)]})


def tally_of(content: bytes | None) -> Tally | None:
    """What was written; None when nothing was, or when it was damaged."""
    try:
        written = json.loads(content or b"")
        match written:
            case {"share": [int(rows), int(hits)]}:
                found: Tally = Share(rows=rows, hits=hits)
            case {"sums": [int(rows), str(total), str(squares)]}:
                found = Sums(rows=rows, total=Fraction(total), squares=Fraction(squares))
            case {"buckets": [list(counts), list(edges)]}:
                found = Buckets(counts=tuple(map(int, counts)), edges=tuple(map(float, edges)))
            case _:
                return None
    except (ValueError, TypeError, ArithmeticError):
        return None
    return found if found.possible else None
