"""Reads what went wrong out of the log of `dvc repro`, and whether it may pass by itself."""

import re

from reconciler.errors import ObserveError

_FAILED = re.compile(r"failed to reproduce '([^']+)'")
_RUNNING = re.compile(r"^Running stage '([^']+)':", re.MULTILINE)
_OURS = re.compile(r"^error: (.+)$", re.MULTILINE)
_EXCEPTION = re.compile(r"^((?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Exit|Interrupt|Failed)\b.*)$", re.MULTILINE)
_DVC = re.compile(r"^ERROR: (.+)$", re.MULTILINE)
_EXITED = re.compile(r"failed to run: .*, exited with (-?[0-9]+)$", re.MULTILINE)
_LOCKED = re.compile(r"^ERROR: .*(?:Unable to acquire lock|is busy, it is being blocked)", re.MULTILINE)
_CANNOT_SEE = ObserveError.exit_code
_SHELL_KILLED = range(128, 160)
KILLED = "was killed, perhaps for want of memory"
_TAIL_BYTES = 4096
_LINE_CHARACTERS = 500


def failed_stage(log: str) -> str:
    """The stage that failed, as in dvc.yaml (`train@flight-delay`); the last that ran when DVC does not say; else `dvc repro`."""
    named = _FAILED.findall(log) or _RUNNING.findall(log)
    return str(named[-1]) if named else "dvc repro"


def is_transient(log: str) -> bool:
    """The same again may go well: something could not be seen, a stage was killed, or another process held DVC's lock.

    Told by exit codes, which stages choose with care: 4 is that a source cannot be read. A spec that is wrong, data that are
    too few and an exception stay as they are however often they are tried.
    """
    codes = [int(code) for code in _EXITED.findall(log)]
    return bool(_LOCKED.search(log)) or any(code < 0 or code == _CANNOT_SEE or code in _SHELL_KILLED for code in codes)


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
