import pytest

from reconciler.adapters.forges.github.patience import Patience
from reconciler.adapters.forges.github.troubles import UnansweredError
from tests.cases import each


class Story:
    """What comes of each attempt: None is success, a number the wait that is asked for, `lost` a lost answer."""

    def __init__(self, *told: float | str | None, jitter: float = 0.0, attempts: int = 5) -> None:
        self.told = list(told)
        self.slept: list[float] = []
        self.patience = Patience(sleep=self.slept.append, jitter=lambda: jitter, attempts=attempts)

    def attempt(self) -> str:
        match self.told.pop(0):
            case None:
                return "done"
            case "lost":
                raise UnansweredError("lost")
            case wait:
                raise UnansweredError("limit", wait=float(wait))

    def insist(self) -> str:
        return self.patience.insist(self.attempt)


@each(
    ("told", "jitter", "slept"),
    [
        ((None,), 0.0, []),
        (("lost", None), 0.0, [0.5]),
        (("lost", "lost", "lost", "lost", None), 0.0, [0.5, 1.0, 2.0, 4.0]),
        (("lost", "lost", "lost", "lost", None), 1.0, [1.0, 2.0, 4.0, 8.0]),
        ((7, None), 0.25, [7.25]),
        ((0, None), 0.0, [0.0]),
        ((90, None), 0.0, [90.0]),
    ],
)
def test_waits_double_and_are_as_long_as_is_asked_for(told: tuple[object, ...], jitter: float, slept: list[float]) -> None:
    story = Story(*told, jitter=jitter)  # type: ignore[arg-type]
    assert story.insist() == "done"
    assert story.slept == slept


def test_it_ends_after_the_last_attempt() -> None:
    story = Story("lost", "lost", "lost", None, attempts=3)
    with pytest.raises(UnansweredError, match="lost"):
        story.insist()
    assert (len(story.slept), len(story.told)) == (2, 1)


def test_who_is_asked_to_wait_too_long_gives_up_at_once() -> None:
    story = Story(91, None)
    with pytest.raises(UnansweredError, match="limit"):
        story.insist()
    assert story.slept == []


def test_a_read_that_was_tried_often_enough_is_not_tried_again_by_the_write_around_it() -> None:
    inner, outer = Story(*["lost"] * 9), Story()
    with pytest.raises(UnansweredError, match="lost"):
        outer.patience.insist(inner.insist)
    assert (len(inner.slept), outer.slept) == (4, [])
