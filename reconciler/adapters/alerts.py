"""Adapter of the port Alerts: Alertmanager's webhook payloads (JSON, version 4), which somebody put into files."""

import glob
import json
import os
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from reconciler.domain.live import Alert
from reconciler.errors import ObserveError

LARGEST = 5 * 1024 * 1024
"""Bytes of the largest file that is read."""
_SIGN = re.compile(r"[^ \t\r\n]")
_HELP = "send Alertmanager's webhook payload to the file as it is"


class Notice(BaseModel):
    """One alert as Alertmanager writes it; `endsAt` is the year 1 while it fires."""

    model_config = ConfigDict(frozen=True)

    status: Literal["firing", "resolved"]
    labels: dict[str, str]
    starts_at: AwareDatetime = Field(alias="startsAt")
    ends_at: AwareDatetime = Field(alias="endsAt", default=datetime.min.replace(tzinfo=UTC))


class Payload(BaseModel):
    """What Alertmanager posts to a webhook, as far as it is read here."""

    version: Literal["4"]
    alerts: list[Notice]


class FileAlerts:
    """Alerts from files. Relative paths and globs start at `root` and do not leave it."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, file: str) -> tuple[Alert, ...]:
        """All alerts, each set of labels once with its newest state, sorted by name and labels.

        No file means no alerts: the webhook was never called. A file may hold one payload or several, one after the other.
        Raises ObserveError for a path out of the repository, and with file and line for what is no payload.
        """
        return newest(notice for path in self._files(file) for notice in notices(path, self._shown(path)))

    def _files(self, pattern: str) -> list[Path]:
        base = Path("/") if Path(pattern).is_absolute() else self._root.resolve()
        exact = Path(os.path.normpath(base / pattern))
        names = [] if exact.exists() else glob.glob(pattern, root_dir=base, recursive=True)  # noqa: PTH207 - takes absolute ones
        found = [exact] if exact.exists() else [base / name for name in sorted(names)]
        for path in (exact, *found):
            if not path.resolve().is_relative_to(base):
                raise ObserveError(f"{pattern} leads out of the repository", help="write an absolute path if that is meant")
        if exact.is_dir():
            raise ObserveError(f"{pattern} is a folder", help=f"write {pattern.rstrip('/')}/*.json for all files in it")
        return [path for path in found if path.is_file()]

    def _shown(self, path: Path) -> str:
        """The path as the repository knows it."""
        root = self._root.resolve()
        return str(path.relative_to(root) if path.is_relative_to(root) else path)


def notices(path: Path, shown: str) -> Iterator[Notice]:
    """The alerts of one file, in its order."""
    for line, value in values(text_of(path, shown), shown):
        try:
            yield from Payload.model_validate(value).alerts
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            message = f"{shown}:{line}: {where}: {first['msg']}" if where else f"{shown}:{line}: {first['msg']}"
            raise ObserveError(message, help=_HELP) from None


def text_of(path: Path, shown: str) -> str:
    """The file's text. Raises ObserveError for one that is too large, no UTF-8, or cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise ObserveError(f"{shown} has {path.stat().st_size:,} bytes, and at most {LARGEST:,} are read", help=_HELP)
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ObserveError(f"{shown}: byte {error.start + 1} is not UTF-8", help=_HELP) from None
    except OSError as error:
        raise ObserveError(f"cannot read {shown}: {error.strerror}") from error


def values(text: str, shown: str) -> Iterator[tuple[int, Any]]:
    """Each JSON value of the text and the line that it begins in."""
    decoder = json.JSONDecoder()
    line, place = 1, 0
    try:
        while found := _SIGN.search(text, place):
            begin = found.start()
            line += text.count("\n", place, begin)
            value, place = decoder.raw_decode(text, begin)
            yield line, value
            line += text.count("\n", begin, place)
    except json.JSONDecodeError as error:
        raise ObserveError(f"{shown}:{error.lineno}: not valid JSON: {error.msg}", help=_HELP) from None
    except RecursionError:
        raise ObserveError(f"{shown}:{line}: nested too deeply", help=_HELP) from None


def newest(found: Iterable[Notice]) -> tuple[Alert, ...]:
    """Of every alert the notice that started last; of those the resolved one, which ends later than one that fires."""
    kept: dict[tuple[tuple[str, str], ...], Notice] = {}
    for notice in found:
        key = tuple(sorted(notice.labels.items()))
        if key not in kept or age(notice) > age(kept[key]):
            kept[key] = notice
    alerts = [
        Alert(
            name=notice.labels.get("alertname", ""),
            labels=notice.labels,
            firing=notice.status == "firing",
            starts_at=notice.starts_at.astimezone(UTC),
        )
        for _, notice in sorted(kept.items())
    ]
    return tuple(sorted(alerts, key=lambda alert: alert.name))


def age(notice: Notice) -> tuple[datetime, bool, datetime]:
    """What orders the notices of one alert in time."""
    return notice.starts_at, notice.status == "resolved", notice.ends_at
