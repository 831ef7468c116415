"""How long we keep what is of a person in the network."""

from mkbroute.core.retention import WITH_THE_THING, Kept

KEPT = [
    Kept("Wie een organisatie bijhoudt", ("network.Organisation",), WITH_THE_THING),
    Kept(
        "Personen op de site", ("network.Person",), "Zolang iemand die rol heeft. Daarna haalt het team de pagina weg."
    ),
]
