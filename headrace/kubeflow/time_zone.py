"""Time zones of schedules: Kubeflow has one for the whole cluster, so another is refused, with the way to go on."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from headrace.errors import ConfigError
from headrace.kubeflow.cron import WEEKDAYS, Calendar, Every, Values

UTC_NAMES = frozenset({"", "utc", "etc/utc", "gmt", "etc/gmt", "z"})
YEARS = range(2026, 2037)
MINUTES, HOURS = 60, 24


def refuse_zone(cron: Calendar | Every, zone: str, place: str) -> None:
    """Raise ConfigError for a time zone other than UTC, with the same times in UTC where five fields can say them."""
    if zone.lower() in UTC_NAMES:
        return
    same = in_utc(cron, zone, place)
    if same:
        do = f'Write cron: "{same.text}" without a time zone, which has the same times in UTC'
    else:
        do = "Write the times in UTC, or use `headrace compile --target cronjob`: a CronJob has a time zone of its own"
    raise ConfigError(
        found=f"{place}: the time zone {zone}",
        expected="UTC: Kubeflow has one time zone for the whole cluster (CRON_SCHEDULE_TIMEZONE of its controller)",
        do=do,
    )


def in_utc(cron: Calendar | Every, zone: str, place: str) -> Calendar | None:
    """Write the times of an expression in a zone as one in UTC; None where no five fields have exactly these times."""
    offset = _fixed_offset(zone, place)
    if isinstance(cron, Every) or offset is None:
        return None
    shift = int(offset.total_seconds()) // MINUTES
    if offset != timedelta(minutes=shift):
        return None
    moved = [divmod(h * MINUTES + m - shift, HOURS * MINUTES) for h in cron.hours.values for m in cron.minutes.values]
    days = {day for day, _ in moved}
    clock = {divmod(minute, MINUTES) for _, minute in moved}
    hours, minutes = {hour for hour, _ in clock}, {minute for _, minute in clock}
    if len(clock) != len(hours) * len(minutes):
        return None
    weekdays = _moved_weekdays(cron, days)
    if weekdays is None:
        return None
    return Calendar(_values(minutes, MINUTES), _values(hours, HOURS), cron.days, cron.months, weekdays)


def _moved_weekdays(cron: Calendar, days: set[int]) -> Values | None:
    """Move the days of the week with the clock; None where dates would have to move, or only some days."""
    if days == {0} or (cron.days.free and cron.months.free and cron.weekdays.free):
        return cron.weekdays
    if len(days) > 1 or not (cron.days.free and cron.months.free):
        return None
    by = next(iter(days))
    return _values({(day + by) % len(WEEKDAYS) for day in cron.weekdays.values}, len(WEEKDAYS))


def _values(numbers: set[int], every: int) -> Values:
    text = "*" if len(numbers) == every else ",".join(map(str, sorted(numbers)))
    return Values(frozenset(numbers), text)


def _fixed_offset(zone: str, place: str) -> timedelta | None:
    """Find how far a zone is from UTC; None where that changes with the seasons."""
    try:
        clock = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigError(
            found=f"{place}: the time zone {zone!r}",
            expected="UTC, or a name such as Asia/Tokyo",
            do="Correct it there",
        ) from error
    offsets = {
        clock.utcoffset(datetime(year, month, day)) for year in YEARS for month in range(1, 13) for day in (1, 15)
    }
    return offsets.pop() if len(offsets) == 1 else None
