"""How many examples a property is tried on: a multiple of the profile's, so that `make soak` tries all of them more often."""

from hypothesis import settings


def examples(times: int) -> settings:
    """So many times the profile's examples, however long one takes."""
    return settings(max_examples=times * settings().max_examples, deadline=None)
