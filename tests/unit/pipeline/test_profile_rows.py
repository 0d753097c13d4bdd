"""Rows become the same profile whether they come in a frame or in Parquet files, in one batch or many."""

import numpy as np
import polars as pl
import pytest

from reconciler.domain.profiles import CategoricalProfile, NumericProfile
from reconciler.errors import ReconcilerError
from reconciler.pipeline.columns import columns_of
from reconciler.pipeline.profile_rows import profile_frame, profile_parquet, reference_of_frame
from reconciler.specs.model import Features
from reconciler.statistics.profile import profile_on, reference_profile

FEATURES = Features(numeric=("n", "i"), categorical=("c", "code", "flag", "whole"))


def frame(seed: int, rows: int) -> pl.DataFrame:
    """Numbers with nulls and NaN, whole numbers, and categories stored as text, integers, truths and floats."""
    rng = np.random.default_rng(seed)
    numbers = [None if number < -2 else float("nan") if number > 2.5 else number for number in rng.normal(size=rows).tolist()]
    return pl.DataFrame(
        {
            "n": pl.Series(numbers, dtype=pl.Float64),
            "i": rng.integers(0, 9, rows),
            "c": [None if word == "z" else word for word in rng.choice(list("abz"), rows).tolist()],
            "code": rng.integers(0, 3, rows),
            "flag": rng.random(rows) < 0.5,
            "whole": rng.integers(0, 3, rows).astype(float),
        }
    )


REFERENCE = reference_of_frame(frame(1, 2000), FEATURES)


def test_a_frame_is_profiled_as_its_columns_are():
    columns = columns_of(frame(1, 2000), FEATURES)
    assert reference_profile(columns, FEATURES.numeric, FEATURES.categorical) == REFERENCE
    window = frame(2, 1000)
    assert profile_frame(REFERENCE, window, FEATURES) == profile_on(REFERENCE, columns_of(window, FEATURES))


@pytest.mark.parametrize("threads", [1, 3])
def test_files_are_profiled_as_the_frame_of_all_their_rows(tmp_path, threads):
    parts = [frame(3, 700), frame(4, 1), frame(5, 900)]
    files = [tmp_path / f"{number}.parquet" for number in range(len(parts))]
    for part, file in zip(parts, files, strict=True):
        part.write_parquet(file, row_group_size=400)
    found = profile_parquet(REFERENCE, files, threads)
    expected = profile_frame(REFERENCE, pl.concat(parts), FEATURES)
    assert list(found.features) == list(REFERENCE.features)
    for name, feature in expected.features.items():
        other = found.features[name]
        if isinstance(feature, CategoricalProfile):
            assert other == feature
        else:
            assert isinstance(other, NumericProfile)
            assert (other.counts, other.missing, other.knots) == (feature.counts, feature.missing, feature.knots)
            assert other.variance == pytest.approx(feature.variance)


def test_files_that_do_not_fit_are_refused_by_name(tmp_path):
    window = frame(6, 10)
    window.drop("c").write_parquet(tmp_path / "less.parquet")
    window.with_columns(n=pl.lit("far")).write_parquet(tmp_path / "text.parquet")
    with pytest.raises(ReconcilerError, match=r"less\.parquet lacks 1 of 6 features: c"):
        profile_parquet(REFERENCE, [tmp_path / "less.parquet"])
    with pytest.raises(ReconcilerError, match="does not hold numbers but"):
        profile_parquet(REFERENCE, [tmp_path / "text.parquet"])


def test_no_rows_are_a_profile_of_none(tmp_path):
    frame(7, 1).head(0).write_parquet(tmp_path / "none.parquet")
    assert profile_parquet(REFERENCE, [tmp_path / "none.parquet"]).rows == 0
    assert profile_frame(REFERENCE, frame(7, 1).head(0), FEATURES).rows == 0
