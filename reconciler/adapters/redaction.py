"""Makes text from other programs fit to be shown and recorded: no secrets, no control characters, no paths of this machine."""

import re
from collections.abc import Mapping
from pathlib import Path

_SECRET_NAME = re.compile(r"TOKEN|SECRET|PASSW|CREDENTIAL|PRIVATE|API_?KEY|ACCESS_?KEY|CONNECTION_STRING", re.IGNORECASE)
_SHORTEST_SECRET = 6
_CREDENTIALS = re.compile(r"(\b[a-z][a-z0-9+.-]{0,30}://)[^/\s]*@", re.IGNORECASE)
"""The length is bounded, else a long word of dots would take minutes."""
_PATTERNS = (
    (re.compile(r"\b(gh[pousr]_|github_pat_|glpat-|xox[a-z]-|AKIA|ASIA)[A-Za-z0-9_-]{8,}"), "***"),
    (re.compile(r"(?i)\b(authorization[\"']?:\s*[\"']?\w+\s+)[^\s'\"]+"), r"\1***"),
    (
        re.compile(r"(?i)\b((?:password|passwd|secret|token|api_?key|access_?key)[\"']?\s*[=:]\s*[\"']?)[^\s'\",;]{4,}"),
        r"\1***",
    ),
)
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def without_credentials(text: str) -> str:
    """The text with user names and passwords in URLs made unreadable."""
    return _CREDENTIALS.sub(r"\1***@", text)


def redact(text: str, environment: Mapping[str, str], places: Mapping[Path, str]) -> str:
    """The text without values of secret-looking variables, credentials and characters that steer a terminal or hide text.

    `places` maps a directory of this machine to what stands for it; the longest path wins.
    """
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    secrets = {v for k, v in environment.items() if _SECRET_NAME.search(k) and len(v) >= _SHORTEST_SECRET}
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    text = without_credentials(text)
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    for place in sorted(places, key=lambda path: len(str(path)), reverse=True):
        if len(place.parts) > 1:
            text = re.sub(re.escape(str(place)) + r"(?![\w-]|\.\w)", places[place].replace("\\", r"\\"), text)
    return text
