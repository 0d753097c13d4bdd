"""Amounts of a resource as the API server writes them back: with anything else, Argo CD would see a difference for ever. Pure."""

import re

_LARGER = {"m": ("", 1000), "": ("k", 1000), "k": ("M", 1000), "Mi": ("Gi", 1024), "Gi": ("Ti", 1024), "Ti": ("Pi", 1024)}
"""The next unit, and how many make one of it."""


def quantity(text: str) -> str:
    """The same amount in the largest unit that leaves a whole number: `1` of `1000m`, `2Gi` of `2048Mi`. Other text stays."""
    found = re.fullmatch(r"([0-9]+)([A-Za-z]*)", text)
    if not found or not found[2].isascii():
        return text
    number, unit = int(found[1]), found[2]
    while unit in _LARGER and number and number % _LARGER[unit][1] == 0:
        unit, number = _LARGER[unit][0], number // _LARGER[unit][1]
    return f"{number}{unit}"
