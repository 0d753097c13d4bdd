"""The mean of many numbers, and how sure it is."""

import numpy as np

from reconciler.domain.known import Measured
from reconciler.statistics.exact import Floats
from reconciler.statistics.groups import deviations


def mean_interval(numbers: Floats) -> Measured:
    """The mean of the numbers, one at least, with its two-sided 95 % interval by the central limit theorem."""
    mean, reach = float(numbers.mean()), deviations(0.025) * float(numbers.std()) / float(np.sqrt(numbers.size))
    return Measured(value=mean, low=mean - reach, high=mean + reach, rows=int(numbers.size))
