"""Cron expressions: what is sent fires at the times that five fields say, by readers that headrace did not write."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from croniter import croniter  # type: ignore[import-untyped]  # it has no annotations
from hypothesis import given, settings
from hypothesis import strategies as st

from headrace.errors import ConfigError
from headrace.kubeflow.cron import Calendar, Every, next_times, read_cron, read_server_cron
from headrace.kubeflow.time_zone import in_utc, refuse_zone
from tests.kubeflow import robfig

START = datetime(2026, 11, 24, 13, 7, 30, tzinfo=UTC)
MONTHS = ["jan", "Feb", "mar", "APR", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
DAYS = ["sun", "Mon", "tue", "WED", "thu", "fri", "sat"]


def number(low: int, high: int, names: list[str]) -> st.SearchStrategy[str]:
    plain = st.integers(low, high).map(str)
    return st.one_of(plain, st.sampled_from(names)) if names else plain


@st.composite
def part(draw: st.DrawFn, low: int, high: int, names: list[str]) -> str:
    kind = draw(st.sampled_from(["one", "range", "steps"]))
    if kind == "one":
        return draw(number(low, high, names))
    first = draw(st.integers(low, high - 1))
    last = draw(st.integers(first + 1, high))  # croniter takes 8-8 for every value
    return f"{first}-{last}" if kind == "range" else f"{first}-{last}/{draw(st.integers(1, high + 1))}"


def field(low: int, high: int, names: list[str] | None = None) -> st.SearchStrategy[str]:
    star = st.one_of(st.just("*"), st.integers(1, high).map("*/{}".format))
    listed = st.lists(part(low, high, names or []), min_size=1, max_size=3).map(",".join)
    return st.one_of(star, listed)


@st.composite
def expressions(draw: st.DrawFn) -> str:
    days, weekdays = draw(field(1, 31)), draw(field(0, 7, DAYS))
    if days != "*" and weekdays != "*" and "*" in days + weekdays:  # what headrace refuses as ambiguous
        weekdays = "*"
    return " ".join([draw(field(0, 59)), draw(field(0, 23)), days, draw(field(1, 12, MONTHS)), weekdays])


def read(text: str) -> Calendar | Every | None:
    """Read an expression; None for one that never fires, such as 31 February."""
    try:
        return read_cron(text, "here")
    except ConfigError as error:
        if "dates that exist" in str(error):
            return None
        raise


@given(expressions(), st.datetimes(datetime(2026, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC)))
@settings(max_examples=300, deadline=None)
def test_what_the_server_is_told_fires_when_five_fields_say(text: str, start: datetime) -> None:
    cron = read(text)
    if cron is None:
        return
    told = robfig.parse(cron.for_server)
    assert isinstance(told, robfig.Spec)
    expected = croniter(text.lower(), start)
    for ours in next_times(cron, start, 5):
        assert ours == expected.get_next(datetime)
        assert told.fires(ours)


@given(expressions(), st.datetimes(datetime(2026, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC)))
@settings(max_examples=150, deadline=None)
def test_the_server_fires_at_no_other_time(text: str, start: datetime) -> None:
    cron = read(text)
    if cron is None:
        return
    told = robfig.parse(cron.for_server)
    assert isinstance(told, robfig.Spec)
    minutes = (start.replace(second=0, microsecond=0) + timedelta(minutes=count) for count in range(3 * 1440))
    fires = [minute for minute in minutes if minute > start and told.fires(minute)]
    assert next_times(cron, start, len(fires)) == fires
    assert not any(told.fires(minute.replace(second=30)) for minute in fires)


@given(expressions())
@settings(max_examples=150, deadline=None)
def test_what_the_server_holds_is_read_back(text: str) -> None:
    cron = read(text)
    if cron is not None:
        assert read_server_cron(cron.for_server) == cron


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("0 2 * * *", "0 0 2 * * *"),
        ("*/5 * * * *", "0 */5 * * * *"),
        ("30 6 * * 7", "0 30 6 * * 0"),
        ("0 9 * * mon-fri", "0 0 9 * * mon-fri"),
        ("0 9 * * fri-sun", "0 0 9 * * 0,5,6"),
        ("0 9 * * 5-7,2", "0 0 9 * * 0,5,6,2"),
        ("0 0 1 JAN *", "0 0 0 1 jan *"),
        ("@daily", "0 0 0 * * *"),
        ("@Weekly", "0 0 0 * * 0"),
        ("@every 1h30m", "@every 5400s"),
        ("@every 1d", "@every 86400s"),
    ],
)
def test_five_fields_are_sent_with_seconds(text: str, told: str) -> None:
    assert read_cron(text, "here").for_server == told
    robfig.parse(told)


def test_next_times_are_explained() -> None:
    assert next_times(read_cron("0 2 * * 1", "here"), START, 2) == [
        datetime(2026, 11, 30, 2, tzinfo=UTC),
        datetime(2026, 12, 7, 2, tzinfo=UTC),
    ]
    assert next_times(read_cron("0 0 29 2 *", "here"), START, 1) == [datetime(2028, 2, 29, tzinfo=UTC)]
    assert next_times(read_cron("@every 90m", "here"), START, 2)[1] == START + timedelta(hours=3)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0 2 * *", "expected five fields"),
        ("0 0 2 * * *", "Leave the seconds out"),
        ("60 2 * * *", "a minute from 0 to 59"),
        ("0 2 * * 8", "a day of week from 0 to 7 or sun…sat"),
        ("0 2 * * L", "a day of week from 0 to 7 or sun…sat"),
        ("0 2 ? * *", "a day of month such as"),
        ("0 2 31 2 *", "dates that exist"),
        ("30-10 2 * * *", "ends after it begins"),
        ("*/0 2 * * *", "in steps of at least 1"),
        ("0 2 * * 2/2", "Write 2-6/2"),
        ("0 2 */2 * mon", r"Write 1-31/2 for \*/2"),
        ("@reboot", "one of @yearly"),
        ("@every soon", "such as 30m"),
        ("@every 0s", "such as 30m"),
        ("", "expected five fields"),
    ],
)
def test_anything_else_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ConfigError, match=f"^schedules.yaml:3: .*{reason}"):
        read_cron(text, "schedules.yaml:3")


def test_what_somebody_else_wrote_is_not_taken_for_ours() -> None:
    assert read_server_cron("*/5 * * * * *") is None
    assert read_server_cron("*/5 * * * *") is None
    assert read_server_cron("@hourly") is not None


ZONES = ["Asia/Tokyo", "Asia/Kolkata", "America/Phoenix", "Pacific/Kiritimati", "Asia/Kathmandu"]


@given(expressions(), st.sampled_from(ZONES))
@settings(max_examples=200, deadline=None)
def test_an_expression_in_utc_has_the_times_of_its_zone(text: str, zone: str) -> None:
    cron = read(text)
    if cron is None or (same := in_utc(cron, zone, "here")) is None:
        return
    local = START.astimezone(ZoneInfo(zone))
    assert [time.astimezone(UTC) for time in next_times(cron, local, 20)] == next_times(same, START, 20)


@pytest.mark.parametrize(
    ("text", "zone", "do"),
    [
        ("0 2 * * *", "Asia/Tokyo", 'Write cron: "0 17 * * *" without a time zone'),
        ("0 2 * * mon", "Asia/Tokyo", 'Write cron: "0 17 * * 0" without a time zone'),
        ("*/15 * * * *", "Asia/Kolkata", 'Write cron: "0,15,30,45 * * * *" without a time zone'),
        ("0 2 1 * *", "Asia/Tokyo", "use `headrace compile --target cronjob`"),
        ("0 2 * * *", "Europe/Berlin", "use `headrace compile --target cronjob`"),
        ("0 2 * * *", "Europe/Berln", "Correct it there"),
    ],
)
def test_another_time_zone_is_refused_with_the_way_to_go_on(text: str, zone: str, do: str) -> None:
    with pytest.raises(ConfigError) as caught:
        refuse_zone(read_cron(text, "here"), zone, "here")
    assert do in str(caught.value)


def test_utc_by_any_name_is_taken() -> None:
    for name in ("", "UTC", "Etc/UTC", "GMT"):
        refuse_zone(read_cron("0 2 * * *", "here"), name, "here")
