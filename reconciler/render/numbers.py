"""How numbers are written for people. Pure."""

from reconciler.domain.known import Measured

NOTHING = "none"
_SECONDS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))
_BYTES = ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"))


def number(value: float | None, *, signed: bool = False) -> str:
    """Four digits that count; "none" for nothing."""
    if value is None:
        return NOTHING
    return f"{value:+.4g}" if signed else f"{value:.4g}"


def between(low: float, high: float, *, signed: bool = False) -> str:
    """An interval."""
    return f"{number(low, signed=signed)} to {number(high, signed=signed)}"


def with_interval(measured: Measured) -> str:
    """A number with its interval."""
    return f"{number(measured.value)} ({between(measured.low, measured.high)})"


def percent(share: float, *, signed: bool = False) -> str:
    """A share in whole per cent, or with a digit more when it is less than ten."""
    digits = 0 if abs(share) >= 0.0995 or share == 0 else 1
    return f"{100 * share:{'+' if signed else ''}.{digits}f} %"


def seconds(value: float) -> str:
    """In the largest unit that leaves a digit before the point."""
    size, unit = next((one for one in _SECONDS if abs(value) >= one[0]), _SECONDS[-1])
    return f"{_three(value / size)} {unit}"


def size(value: float) -> str:
    """Bytes in the largest unit that leaves a digit before the point."""
    found = next((one for one in _BYTES if abs(value) >= one[0]), None)
    return f"{_three(value / found[0])} {found[1]}" if found else f"{value:.0f} bytes"


def _three(value: float) -> str:
    """Three digits that count, or all those before the point: never an exponent for what is large."""
    return f"{value:.3g}" if abs(value) < 999.5 else f"{value:.0f}"
