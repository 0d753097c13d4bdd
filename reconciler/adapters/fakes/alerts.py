"""Alerts for tests: what each file holds, in memory."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from reconciler.domain.live import Alert


class FakeAlerts:
    """Answers a file or glob from the alerts that it was given for each file, later ones being newer."""

    def __init__(self, files: Mapping[str, Sequence[Alert]]) -> None:
        self.files = files

    def read(self, file: str) -> tuple[Alert, ...]:
        """All alerts, each set of labels once with its newest state."""
        found = [alert for name, alerts in self.files.items() if fnmatchcase(name, file) for alert in alerts]
        newest = {tuple(sorted(alert.labels.items())): alert for alert in sorted(found, key=lambda alert: alert.starts_at)}
        return tuple(alert for _, alert in sorted(newest.items(), key=lambda pair: (pair[1].name, pair[0])))
