"""Durations such as `90m`, `1h30m` or `7d`."""

import re

from headrace.errors import ConfigError

UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
LONGEST = 3650 * 86400


def seconds_of(text: str, place: str) -> int:
    """Read a duration from a second to ten years; raises ConfigError, which names `place`."""
    parts = re.findall(r"([0-9]{1,9})([dhms])", text)
    seconds = sum(int(number) * UNITS[unit] for number, unit in parts)
    if "".join(number + unit for number, unit in parts) != text or not 0 < seconds <= LONGEST:
        raise ConfigError(
            found=f"{place}: the duration {text!r}",
            expected="such as 30m, 1h30m, 12h or 7d, at most 3650d",
            do="Correct it there",
        )
    return seconds


def duration_text(seconds: int) -> str:
    """Write a duration with as few units as say it."""
    text = ""
    for unit, size in UNITS.items():
        number, seconds = divmod(seconds, size)
        text += f"{number}{unit}" if number else ""
    return text
