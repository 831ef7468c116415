from mkbroute.core.sitemaps import ListSitemap, published_sitemap

from .models import Body, Organisation, Person
from .views.public import SECTIONS

organisations = Organisation.objects.published()
persons = Person.objects.published()

SITEMAPS = {
    "organisations": published_sitemap(organisations),
    "persons": published_sitemap(persons),
    "network-lists": ListSitemap(
        {
            "organisation_list": organisations,
            "hogeschool_list": organisations.filter(kind__in=SECTIONS["hogescholen"][1]),
            "branche_list": organisations.filter(kind__in=SECTIONS["branches"][1]),
            "team": persons.filter(appointments__body=Body.TEAM),
            "board": persons.filter(appointments__body=Body.BOARD),
        }
    ),
}
