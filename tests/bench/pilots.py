"""Pilots that do not exist, to see how the site grows. Each is called "Voorbeeld" and has the rows a real one has."""

from itertools import cycle

from mkbroute.core.models import Province, Sector, Source, TargetGroup
from network.models import Organisation
from pilots.models import (
    Answer,
    Criterion,
    CriterionAnswer,
    Degree,
    Fact,
    Form,
    Partnership,
    Pilot,
    Programme,
    Reference,
    Region,
    Role,
    Status,
    StatusChange,
)

FIRST_NUMBER = 1000
EXAMPLE = "Voorbeeld"


def generate(number: int) -> None:
    """See to it that there are this many."""
    source = Source.objects.first()
    taken = Pilot.objects.filter(title__startswith=EXAMPLE).count()
    sectors, statuses = cycle(Sector.objects.all()), cycle(Status)
    pilots = Pilot.objects.bulk_create(
        Pilot(
            number=n,
            title=f"{EXAMPLE} {n}",
            slug=f"voorbeeld-{n}",
            summary="Deze pilot bestaat niet. Hij is gemaakt om te meten hoe snel de site is.",
            sector=next(sectors),
            status=next(statuses),
        )
        for n in range(FIRST_NUMBER + taken, FIRST_NUMBER + number)
    )
    provinces, groups = cycle(Province.objects.all()), cycle(TargetGroup.objects.all())
    partners, degrees, forms = cycle(Organisation.objects.all()), cycle(Degree), cycle(Form)
    Region.objects.bulk_create(
        Region(
            pilot=p,
            name=str(province),
            province=province,
            latitude=51 + p.number % 25 / 10,
            longitude=5 + p.number % 17 / 10,
        )
        for p, province in zip(pilots, provinces, strict=False)
    )
    Programme.objects.bulk_create(
        Programme(pilot=p, title=f"Opleiding {p.number}", degree=next(degrees), form=next(forms), duration_years=2)
        for p in pilots
    )
    Partnership.objects.bulk_create(
        Partnership(pilot=p, organisation=next(partners), role=role, sort_order=order)
        for p in pilots
        for order, role in enumerate((Role.HOGESCHOOL, Role.BRANCHE, Role.OTHER))
    )
    StatusChange.objects.bulk_create(
        StatusChange(pilot=p, status=p.status, date_text="eind 2020", source=source) for p in pilots
    )
    CriterionAnswer.objects.bulk_create(
        CriterionAnswer(pilot=p, criterion=criterion, answer=Answer.YES, source=source, sort_order=order)
        for p in pilots
        for order, criterion in enumerate(Criterion)
    )
    Fact.objects.bulk_create(Fact(pilot=p, label="Starters", value="circa 50 studenten", source=source) for p in pilots)
    Reference.objects.bulk_create(Reference(pilot=p, source=source, taken="de status") for p in pilots)
    Pilot.target_groups.through.objects.bulk_create(
        Pilot.target_groups.through(pilot=p, targetgroup=group) for p, group in zip(pilots, groups, strict=False)
    )
