"""Reads what went wrong out of the log of `dvc repro`."""

import re

_FAILED = re.compile(r"failed to reproduce '([^']+)'")
_RUNNING = re.compile(r"^Running stage '([^']+)':", re.MULTILINE)
_OURS = re.compile(r"^error: (.+)$", re.MULTILINE)
_EXCEPTION = re.compile(r"^((?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Exit|Interrupt|Failed)\b.*)$", re.MULTILINE)
_DVC = re.compile(r"^ERROR: (.+)$", re.MULTILINE)
_TAIL_BYTES = 4096
_LINE_CHARACTERS = 500


def failed_stage(log: str) -> str:
    """The stage that failed, as in dvc.yaml (`train@flight-delay`); the last that ran when DVC does not say; else `dvc repro`."""
    named = _FAILED.findall(log) or _RUNNING.findall(log)
    return str(named[-1]) if named else "dvc repro"


def cause(log: str) -> str:
    """The one line that says why: our own error, else the exception, else what the stage said last, else what DVC says."""
    starts = [match.end() for match in _RUNNING.finditer(log)]
    stage_log = log[starts[-1] :] if starts else ""
    said = _DVC.split(stage_log)[0].strip().splitlines()
    last_words = [line for line in said if line.strip() and not line.startswith("> ")]
    for lines in (
        _OURS.findall(stage_log),
        _EXCEPTION.findall(stage_log),
        last_words,
        _DVC.findall(log),
        log.strip().splitlines(),
    ):
        if lines:
            return str(lines[-1]).strip()[:_LINE_CHARACTERS]
    return "it ended without a word"


def tail(log: str) -> str:
    """The end of the log: whole lines, at most 4 kB of UTF-8."""
    encoded = log.encode()
    if len(encoded) <= _TAIL_BYTES:
        return log
    end = encoded[-_TAIL_BYTES:].decode(errors="ignore")
    return end.partition("\n")[2] or end
