"""Samples and their profiles, for the tests of the statistics."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reconciler.domain.profiles import CategoricalProfile, FeatureProfile, NumericProfile, Profile
from reconciler.statistics.profile import profile_on, reference_profile

Floats = NDArray[np.float64]


def of_numbers(values: Sequence[float] | Floats) -> Profile:
    """The reference profile of one column of numbers, `x`."""
    return reference_profile({"x": np.asarray(values, dtype=np.float64)}, ["x"], [])


def of_texts(values: Sequence[Any] | NDArray[Any]) -> Profile:
    """The reference profile of one column of categories, `x`."""
    return reference_profile({"x": np.asarray(values, dtype=object)}, [], ["x"])


def both(reference: Profile, values: Any) -> tuple[FeatureProfile, FeatureProfile]:
    """The feature `x` of the reference, and of these values on its bins."""
    return reference.features["x"], profile_on(reference, {"x": values}).features["x"]


def numeric(profile: Profile) -> NumericProfile:
    """The feature `x`, a number."""
    feature = profile.features["x"]
    assert isinstance(feature, NumericProfile)
    return feature


def categorical(profile: Profile) -> CategoricalProfile:
    """The feature `x`, a category."""
    feature = profile.features["x"]
    assert isinstance(feature, CategoricalProfile)
    return feature
