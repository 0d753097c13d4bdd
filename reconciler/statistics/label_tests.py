"""Labels of segments held against an opinion of what they should be, which has not learnt from these rows. Pure.

An opinion is as `metrics` has predictions: probabilities (n, k), in two columns for a binary task, or numbers (n,).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from reconciler.statistics.segments import Floats, Partition, Readings

CONFIDENT = 0.9
"""A probability from which on an answer counts as sure."""
FEWEST_OF_A_SIDE = 20
_USUAL = 0.6
"""A class that so many of the other rows have is the usual one: segments that have no other are nothing to wonder at."""
TAIL = 0.01
"""Of a quantity, residuals beyond this quantile on either side are contradictions."""
_OF_A_SIDE = ("observed", "expected", "excess", "noise")
_SUREST = 1e-4
"""No opinion counts as surer of a class than all but this."""

Labels = NDArray[np.generic]
Side = tuple[NDArray[np.bool_], Floats, Floats]
"""Rows with a sure answer, whether the label contradicts it, and the chance of that; all (n,)."""
Level = tuple[Floats, Floats, Floats]
"""What happened, what was expected, and its variance; all (n,)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Labels held against an opinion, prepared once for all partitions. `ranks` are of two classes, or of a quantity."""

    truth: Labels
    opinion: Floats
    sides: tuple[Side, ...]
    levels: tuple[Level, ...]
    ranks: tuple[Floats, Floats] | None


def held(truth: Labels, opinion: Floats) -> Held:
    """Sure answers by what they say: the class, or of a quantity that the label is not much less, and not much more.

    Levels are of each class (of two, of the second), the opinion brought to the level of all labels; or of a quantity's errors in
    usual ones, those beyond three as three.
    """
    values = np.asarray(truth, dtype=np.float64)
    if opinion.ndim == 1:
        return Held(
            truth=truth,
            opinion=opinion,
            sides=tuple(_tails(values - opinion)),
            levels=(_errors(values - opinion),),
            ranks=(_ranks(opinion), _ranks(values)),
        )
    said, sure, classes = opinion.argmax(axis=1), opinion.max(axis=1), range(opinion.shape[1])
    return Held(
        truth=truth,
        opinion=opinion,
        sides=tuple(((said == code) & (sure >= CONFIDENT), (truth != code) * 1.0, 1 - sure) for code in classes),
        levels=tuple(_level((truth == code) * 1.0, opinion[:, code]) for code in classes[len(classes) == 2 :]),
        ranks=(_ranks(opinion[:, 1]), values) if len(classes) == 2 else None,
    )


def _tails(residual: Floats) -> Iterator[Side]:
    low, high = np.quantile(residual, [TAIL, 1 - TAIL])
    for beyond in (residual < low, residual > high):
        yield np.ones(residual.size, dtype=bool), beyond * 1.0, np.full(residual.size, TAIL)


def _errors(residual: Floats) -> Level:
    low, middle, high = np.quantile(residual, [0.1587, 0.5, 0.8413])
    errors = np.clip((residual - middle) / (float(high - low) / 2 or 1.0), -3, 3)
    return errors, np.zeros(errors.size), np.full(errors.size, errors.var())


def _level(is_one: Floats, share: Floats) -> Level:
    level = np.minimum(share * (is_one.sum() / max(float(share.sum()), 1e-9)), 1.0)
    return is_one, level, level * (1 - level)


def contradicted(part: Partition, against: Held) -> Readings:
    """The share of sure answers that the labels contradict, beside what the answers' sureness amounts to elsewhere.

    Told is the side that shows the least: where everything is late for a day the labels contradict on one side and agree all
    the more on the other, but labels that were flipped, or drawn from a hat, contradict on each. The chance is that of all
    sides together. Segments with fewer than two sides of 20 rows have no rows here.
    """
    counted = [(part.sums(among=sure), part.sums(wrong, sure), part.sums(chance, sure)) for sure, wrong, chance in against.sides]
    each = [_excess(part, *side) for side in counted]
    enough = np.array([one.rows >= FEWEST_OF_A_SIDE for one in each])
    shown = np.where(enough, [one.excess / one.noise for one in each], np.inf)
    least, every = shown.argmin(axis=0), np.arange(part.size)
    rows, wrong, chance = (np.sum([side[place] for side in counted], axis=0) for place in range(3))
    told = {name: np.array([getattr(one, name) for one in each])[least, every] for name in _OF_A_SIDE}
    return replace(
        _excess(part, rows, wrong, chance),
        rows=np.where(enough.sum(axis=0) >= 2, rows, 0.0),
        judged=told["excess"] > 0,
        **told,
    )


def _excess(part: Partition, rows: Floats, wrong: Floats, chance: Floats) -> Readings:
    """Of g segments: rows, contradictions, and the sum of their chances; exact binomial tails."""
    from scipy.special import betainc

    elsewhere = (wrong.sum() - wrong) / np.maximum(chance.sum() - chance, 1e-9)
    counts, many = np.maximum(rows, 1), np.maximum(wrong, 1)
    expected = np.clip(elsewhere * chance / counts, 0.5 / max(float(rows.sum()), 1.0), 0.999)
    return Readings(
        names=_names(part),
        rows=rows,
        observed=wrong / counts,
        expected=expected,
        excess=wrong / counts - expected,
        noise=np.sqrt(expected * (1 - expected) / counts),
        p=np.where(wrong < 1, 1.0, betainc(many, counts - many + 1, expected)),
        judged=wrong > 0,
    )


def rates(part: Partition, against: Held) -> Iterator[Readings]:
    """The share of each class, or the mean of a quantity's errors, above and below what was expected."""
    from scipy.special import ndtr

    rows = part.sums()
    counts = np.maximum(rows, 1)
    for values, expected, variance in against.levels:
        observed, wanted = part.sums(values) / counts, part.sums(expected) / counts
        noise = np.sqrt(np.maximum(part.sums(variance), 0.25)) / counts
        for sign in (1, -1):
            excess = sign * (observed - wanted)
            yield Readings(
                names=_names(part),
                rows=rows,
                observed=observed,
                expected=wanted,
                excess=excess,
                noise=noise,
                p=np.minimum(2 * ndtr(-excess / noise), 1.0),
                judged=excess > 0,
            )


def constant(part: Partition, against: Held) -> Readings:
    """Segments whose rows are all of one class, though others were expected; the excess is the share that was not expected.

    Expected is what the opinion says. But an opinion that has learnt from such rows says what they say, so of a class that
    is not the usual one it is at most its share elsewhere.
    """
    rows, classes = part.sums(), against.opinion.shape[1]
    counts = np.array([part.sums((against.truth == code) * 1.0) for code in range(classes)])
    only, every = counts.argmax(axis=0), counts.sum()
    whole = (counts.max(axis=0) == rows) & (rows >= 1)
    expected, chance = np.ones(part.size), np.zeros(part.size)
    for code in np.unique(only[whole]):
        mine = whole & (only == code)
        share = np.clip(against.opinion[:, code], _SUREST, 1 - _SUREST)
        mean, log = part.sums(share) / np.maximum(rows, 1), part.sums(np.log(share))
        elsewhere = (counts[code].sum() - counts[code]) / np.maximum(every - rows, 1)
        rare = (elsewhere < _USUAL) & (elsewhere < mean)
        expected[mine] = np.where(rare, elsewhere, mean)[mine]
        chance[mine] = np.where(rare, rows * np.log(np.maximum(elsewhere, _SUREST)), log)[mine]
    return Readings(
        names=_names(part),
        rows=rows,
        observed=np.where(whole, 1.0, counts.max(axis=0) / np.maximum(rows, 1)),
        expected=expected,
        excess=np.where(whole, 1 - expected, 0.0),
        noise=np.sqrt(expected * (1 - expected) / np.maximum(rows, 1)),
        p=np.where(whole, np.exp(np.minimum(chance, 0)), 1.0),
        judged=whole,
    )


def inverted(part: Partition, ranks: tuple[Floats, Floats]) -> Readings:
    """How labels run against the opinion: minus the correlation of the ranks of both, (n,), within each segment.

    The standard error is that of no correlation.
    """
    from scipy.special import ndtr

    said, happened = ranks
    rows = part.sums()
    counts = np.maximum(rows, 2)
    x, y = part.sums(said) / counts, part.sums(happened) / counts
    varies = (part.sums(said * said) / counts - x * x) * (part.sums(happened * happened) / counts - y * y)
    known = varies > 1e-12
    moves = part.sums(said * happened) / counts - x * y
    against = -np.divide(moves, np.sqrt(np.maximum(varies, 1e-300)), out=np.zeros(part.size), where=known)
    noise = 1 / np.sqrt(counts - 1)
    return Readings(
        names=_names(part),
        rows=np.where(known, rows, 0.0),
        observed=-against,
        expected=np.zeros(part.size),
        excess=against,
        noise=noise,
        p=ndtr(-against / noise),
        judged=known & (against > 0),
    )


def _ranks(values: Floats) -> Floats:
    """From 0 to 1; equal values share the middle one."""
    ascending, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts + 1) / 2
    return np.asarray(middle[place] / max(values.size - 1, 1) if ascending.size else values)


def _names(part: Partition) -> NDArray[np.object_]:
    return np.asarray(part.names, dtype=object)
