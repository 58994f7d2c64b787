"""广州: a city with its eleven districts down to the village; every row stands in Guangdong's demo too."""

from __future__ import annotations

from commlms_demos.cities import province
from commlms_demos.invented import activity, people, places
from commlms_demos.people import CENSUS_2010, CENSUS_2020, persons
from commlms_demos.real import inside
from commlms_demos.tables import Tables


def tables() -> Tables:
    """Everything of the demo."""
    made = Tables()
    here = inside("4401")
    places(made, here, (("4401", CENSUS_2010), ("4401", CENSUS_2020)), CENSUS_2020)
    province.operations(made, here)
    _learning(made)
    return made


def _learning(made: Tables) -> None:
    """A hundred learners known by name, the rest of the room counted."""
    villages = inside("4401", level="village")
    homes = people(made, villages, 100, "GZ", 2018)
    for year in (2016, 2018, 2020):
        for home, learners in homes.items():
            activity(made, home, f"{year}-05-20", 20 + len(learners), learners)
        for school in (p for p in inside("4401", level="township") if p.kind):
            activity(made, school.code, f"{year}-10-18", persons(school.code, CENSUS_2010) // 400)
