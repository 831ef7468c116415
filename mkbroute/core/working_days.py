"""Working days in the Netherlands: Monday to Friday, without the public holidays."""

from datetime import date, datetime, timedelta

import holidays
from django.utils import timezone

PATIENCE = 3
"""So many working days somebody may have to wait for the team."""

HOLIDAYS = holidays.country_holidays("NL")  # looks a year up when it is first asked for


def is_working_day(day: date) -> bool:
    """Whether people are at work on this day."""
    return day.weekday() < 5 and day not in HOLIDAYS


def working_days_after(day: date, until: date) -> int:
    """How many working days there are after a day, up to and including another."""
    return sum(is_working_day(day + timedelta(days=n)) for n in range(1, (until - day).days + 1))


def late_before(now: datetime | None = None) -> datetime:
    """What came in before this moment has waited for longer than ``PATIENCE`` working days.

    Whole days count, from the day after it came in: what comes in on a Monday is late from Friday on.
    """
    day, passed = timezone.localdate(now), 0
    while passed <= PATIENCE:
        passed += is_working_day(day)
        day -= timedelta(days=1)
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), datetime.min.time()))
