"""The team has three working days; Dutch holidays and weekends are none."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from mkbroute.core.working_days import is_working_day, late_before, working_days_after


def at(day: str, time: str = "12:00") -> datetime:
    """A moment in the Netherlands."""
    return timezone.make_aware(datetime.fromisoformat(f"{day} {time}"))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-11-24", True),  # a Tuesday
        ("2026-11-28", False),  # Saturday
        ("2026-11-29", False),  # Sunday
        ("2026-04-03", False),  # Good Friday
        ("2026-04-06", False),  # Easter Monday
        ("2026-04-07", True),
        ("2026-04-27", False),  # King's day
        ("2025-04-26", False),  # King's day, a day early because of Sunday
        ("2025-05-05", False),  # once in five years everybody is free
        ("2026-05-05", True),
        ("2026-05-14", False),  # Ascension
        ("2026-05-25", False),  # Pentecost Monday
        ("2026-12-25", False),
        ("2026-12-26", False),
        ("2027-01-01", False),
        ("2032-03-29", False),  # Easter of a year nobody typed in
    ],
)
def test_what_a_working_day_is(day, works):
    assert is_working_day(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("day", "until", "days"),
    [
        ("2026-11-24", "2026-11-24", 0),
        ("2026-11-24", "2026-11-25", 1),
        ("2026-11-27", "2026-11-30", 1),  # over a weekend
        ("2026-04-02", "2026-04-07", 1),  # over Easter
        ("2026-12-24", "2026-12-29", 2),  # over Christmas
        ("2026-12-31", "2027-01-05", 2),  # over New Year
    ],
)
def test_working_days_are_counted_from_the_day_after(day, until, days):
    assert working_days_after(date.fromisoformat(day), date.fromisoformat(until)) == days


@pytest.mark.parametrize(
    ("came_in", "still_in_time", "late"),
    [
        ("2026-11-23", "2026-11-26", "2026-11-27"),  # Monday: Thursday, Friday
        ("2026-11-26", "2026-12-01", "2026-12-02"),  # Thursday: Tuesday, Wednesday
        ("2026-11-28", "2026-12-02", "2026-12-03"),  # Saturday
        ("2026-04-02", "2026-04-09", "2026-04-10"),  # before Easter
        ("2026-12-23", "2026-12-29", "2026-12-30"),  # before Christmas
        ("2026-12-30", "2027-01-05", "2027-01-06"),  # before New Year
    ],
)
def test_three_working_days_are_in_time_and_four_are_late(came_in, still_in_time, late):
    for hour in ("00:00", "23:59"):
        assert not at(came_in, hour) < late_before(at(still_in_time, "23:59"))
        assert at(came_in, hour) < late_before(at(late, "00:00"))


def test_the_limit_and_the_count_agree_on_every_day_of_a_year():
    for n in range(366):
        now = at("2026-01-01") + timedelta(days=n)
        today, limit = timezone.localdate(now), late_before(now)
        for back in range(15):
            day = today - timedelta(days=back)
            assert (at(day.isoformat()) < limit) == (working_days_after(day, today) > 3)


def test_the_day_is_that_of_the_netherlands():
    # 23:30 on Thursday in London is Friday here.
    assert late_before(datetime(2026, 11, 26, 23, 30, tzinfo=UTC)) == at("2026-11-24", "00:00")
