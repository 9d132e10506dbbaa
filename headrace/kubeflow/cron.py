"""Cron expressions of five fields: read strictly, explained by their next times, written for Kubeflow's server.

The server takes six fields, seconds first, and reads five as seconds to months: `*/5 * * * *` would fire every five
seconds. So an expression is always sent with `0 ` before it, and Sunday as 0, since the server refuses 7.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from headrace.errors import ConfigError
from headrace.kubeflow.duration import seconds_of

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
SHORTHANDS: Mapping[str, str] = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
YEARS = 8
"""In as many years every date has come, also a 29 February across 2100."""


@dataclass(frozen=True)
class Place:
    """One of the five fields: what it is called, its bounds, the names of its values."""

    name: str
    low: int
    high: int
    names: Mapping[str, int]


PLACES = (
    Place("minute", 0, 59, {}),
    Place("hour", 0, 23, {}),
    Place("day of month", 1, 31, {}),
    Place("month", 1, 12, {name: number for number, name in enumerate(MONTHS, 1)}),
    Place("day of week", 0, 7, {name: number for number, name in enumerate(WEEKDAYS)}),
)
WEEKDAY, SUNDAY = PLACES[4], 7


@dataclass(frozen=True)
class Values:
    """The values of one field; `text` has the same ones, in the server's words."""

    values: frozenset[int]
    text: str

    @property
    def free(self) -> bool:
        """Tell whether the field leaves its place open."""
        return self.text == "*"


@dataclass(frozen=True)
class Calendar:
    """Fires at these minutes of these hours; on a day that either of its two day fields has, where both are given."""

    minutes: Values
    hours: Values
    days: Values
    months: Values
    weekdays: Values

    @property
    def text(self) -> str:
        parts = (self.minutes, self.hours, self.days, self.months, self.weekdays)
        return " ".join(part.text for part in parts)

    @property
    def for_server(self) -> str:
        return f"0 {self.text}"

    def on(self, day: datetime) -> bool:
        """Tell whether it fires on a day."""
        in_month = day.month in self.months.values
        on_date, on_weekday = day.day in self.days.values, day.isoweekday() % 7 in self.weekdays.values
        either = self.days.free or self.weekdays.free
        return in_month and ((on_date and on_weekday) if either else (on_date or on_weekday))

    def after(self, time: datetime) -> Iterator[datetime]:
        """Go through the times after a time, for some years."""
        first = time.replace(hour=0, minute=0, second=0, microsecond=0)
        for day in (first + timedelta(days=number) for number in range(YEARS * 366)):
            if self.on(day):
                clock = ((hour, minute) for hour in sorted(self.hours.values) for minute in sorted(self.minutes.values))
                times = (day.replace(hour=hour, minute=minute) for hour, minute in clock)
                yield from (fires for fires in times if fires > time)


@dataclass(frozen=True)
class Every:
    """Fires every so many seconds, counted from when the schedule is made."""

    seconds: int

    @property
    def text(self) -> str:
        return f"@every {self.seconds}s"

    @property
    def for_server(self) -> str:
        return self.text

    def after(self, time: datetime) -> Iterator[datetime]:
        """Go through the times after a time at which it fired."""
        while True:
            time += timedelta(seconds=self.seconds)
            yield time


def read_cron(text: str, place: str) -> Calendar | Every:
    """Read `0 2 * * *`, `@daily` or `@every 1h`; raises ConfigError, which names `place`."""
    words = text.split()
    if words and words[0] == "@every" and len(words) == 2:  # noqa: PLR2004  the word and its duration
        return Every(seconds_of(words[1], place))
    if text.startswith("@"):
        if text.strip().lower() not in SHORTHANDS:
            raise _wrong(place, text, f"one of {', '.join(SHORTHANDS)} or @every 1h", "Correct it")
        words = SHORTHANDS[text.strip().lower()].split()
    if len(words) != len(PLACES):
        do = "Leave the seconds out" if len(words) == len(PLACES) + 1 else "Correct it"
        raise _wrong(place, text, "five fields: minute, hour, day of month, month, day of week", do)
    calendar = Calendar(*(_field(word, field, place) for word, field in zip(words, PLACES, strict=True)))
    _refuse_ambiguity(calendar, text, place)
    if next(calendar.after(datetime(2026, 1, 1)), None) is None:
        raise _wrong(place, text, "dates that exist", "Correct the day or the month")
    return calendar


def read_server_cron(text: str) -> Calendar | Every | None:
    """Read an expression as the server holds it; None for one that headrace would not have written."""
    words = text.split()
    shown = " ".join(words[1:]) if len(words) == len(PLACES) + 1 and words[0] == "0" else text
    try:
        found = read_cron(shown, "the server")
    except ConfigError:
        return None
    return found if found.for_server == text or text.startswith("@") else None


def next_times(cron: Calendar | Every, after: datetime, count: int) -> list[datetime]:
    """List the next times at which it fires."""
    return list(islice(cron.after(after), count))


def _field(text: str, field: Place, place: str) -> Values:
    parts = [_part(part, field, place) for part in text.lower().split(",")]
    values = frozenset().union(*(values for values, _ in parts))
    return Values(values, ",".join(written for _, written in parts))


def _part(text: str, field: Place, place: str) -> tuple[frozenset[int], str]:
    """Read `*`, `5`, `1-5`, `*/15`, `10-50/5` or `5/15`; return its values and how the server is told."""
    found = re.fullmatch(r"(\*|\w+)(?:-(\w+))?(?:/(\d+))?", text)
    if not found or (found[1] == "*" and found[2]):
        raise _wrong(place, text, f"a {field.name} such as *, 5, 1-5, */15 or 1,15", "Correct it")
    first, last, step = found[1], found[2], int(found[3] or 1)
    start = field.low if first == "*" else _number(first, field, place)
    if field is WEEKDAY and found[3] and not last and first != "*":
        raise _wrong(place, text, "a last day before a step", f"Write {first}-6/{step}")
    end = field.high if first == "*" or found[3] else start
    if last:
        end = _number(last, field, place)
        end = SUNDAY if field is WEEKDAY and end == 0 and start > 0 else end
    if first == "*" and field is WEEKDAY:
        end = SUNDAY - 1
    if start > end or step == 0:
        raise _wrong(place, text, f"a {field.name} that ends after it begins, in steps of at least 1", "Correct it")
    values = frozenset(range(start, end + 1, step))
    return (values, text) if field is not WEEKDAY or end < SUNDAY else _with_sunday_as_0(values)


def _with_sunday_as_0(days: frozenset[int]) -> tuple[frozenset[int], str]:
    """Write days of the week one by one: the server's week ends with Saturday."""
    values = frozenset(day % SUNDAY for day in days)
    return values, ",".join(map(str, sorted(values)))


def _number(text: str, field: Place, place: str) -> int:
    number = field.names.get(text, int(text) if text.isascii() and text.isdecimal() else -1)
    if not field.low <= number <= field.high:
        names = f" or {next(iter(field.names))}…{list(field.names)[-1]}" if field.names else ""
        raise _wrong(place, text, f"a {field.name} from {field.low} to {field.high}{names}", "Correct it")
    return number


def _refuse_ambiguity(calendar: Calendar, text: str, place: str) -> None:
    """Refuse `*/2` in one day field beside the other: some programs then want both to hold, some either."""
    if calendar.days.free or calendar.weekdays.free:
        return
    if "*" in calendar.days.text or "*" in calendar.weekdays.text:
        expected = "no * in one field of days while the other is given: programs differ in what it means"
        raise _wrong(place, text, expected, "Write 1-31/2 for */2, which fires on days of either field")


def _wrong(place: str, text: str, expected: str, do: str) -> ConfigError:
    return ConfigError(found=f"{place}: the cron expression {text!r}", expected=expected, do=do)
