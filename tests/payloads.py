"""Builders of Alertmanager's webhook payloads."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

AT = datetime(2013, 3, 1, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEVER = "0001-01-01T00:00:00Z"


def notice(name: str, *, starts: datetime = AT, ends: datetime | None = None, **labels: str) -> dict[str, Any]:
    """One alert of a payload: it fires unless it has ended."""
    return {
        "status": "resolved" if ends else "firing",
        "labels": {"alertname": name, **labels},
        "annotations": {"summary": "what people read"},
        "startsAt": starts.isoformat(),
        "endsAt": ends.isoformat() if ends else NEVER,
        "generatorURL": "http://prometheus.example.com/graph",
        "fingerprint": "c0ffee0000000000",
    }


def payload(*alerts: Mapping[str, Any], **more: object) -> str:
    """What Alertmanager posts."""
    value = {"version": "4", "groupKey": "{}:{}", "status": "firing", "receiver": "perennial", "alerts": list(alerts), **more}
    return json.dumps(value)
