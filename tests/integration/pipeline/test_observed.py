"""What Great Expectations answers of pandas's own values, as plain JSON."""

import pandas as pd
import pytest

from reconciler.pipeline.observed import plain


@pytest.mark.parametrize(("value", "kept"), [(pd.Timestamp("2013-03-01"), "2013-03-01 00:00:00"), (pd.NA, "<NA>")], ids=repr)
def test_pandas_own_values_become_text(value, kept):
    assert plain({"observed_value": value}) == {"observed_value": kept}
