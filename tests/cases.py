"""A table of many small cases as one test: a test of its own costs more than most of them take."""

from collections.abc import Callable, Iterable
from typing import Any


def each(names: str | tuple[str, ...], cases: Iterable[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """As `pytest.mark.parametrize`, but one test, without fixtures and marks. A failure notes which case it is.

    Raises ValueError for a table without cases, which would prove nothing, and TypeError for a case with marks of its own.
    """
    table = list(cases)
    if not table:
        raise ValueError(f"no case of {names}")
    if any(hasattr(case, "marks") for case in table):
        raise TypeError("only pytest.mark.parametrize takes pytest.param")

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        def every_case(**others: Any) -> None:
            __tracebackhide__ = True
            for number, case in enumerate(table, start=1):
                values = {names: case} if isinstance(names, str) else dict(zip(names, case, strict=True))
                try:
                    test(**others, **values)
                except BaseException as error:
                    error.add_note(f"case {number} of {len(table)}: {values!r}")
                    raise

        every_case.__name__, every_case.__qualname__, every_case.__doc__ = test.__name__, test.__qualname__, test.__doc__
        every_case.__module__ = test.__module__
        return every_case

    return decorate
