"""What a report leaves out and names otherwise so that it can be read on paper."""

from pathlib import Path

import pytest

from commlms import LMS, Label
from commlms.core.duties import Department
from commlms.report import page
from commlms.report.charts import charts
from commlms.report.gather import gather
from commlms.report.listing import Listed, listed
from commlms.report.page import html_parts
from commlms.report.parts import Duties

from .parts_city import B1, fill, opened

CHROMIUM = Path("/usr/bin/chromium")


def wide(lms: LMS, counties: int, townships: int) -> None:
    """A province of two cities with so many counties in all and so many townships in each."""
    places = [("90", "样省", "province", None), ("9001", "子市", "city", "90"), ("9002", "丑市", "city", "90")]
    for c in range(counties):
        county = f"90{1 + c % 2:02d}{c:02d}"
        places.append((county, f"县{c}", "county", county[:4]))
        places += [(f"{county}{t:03d}", f"镇{c}-{t}", "township", county) for t in range(townships)]
    lms.add([{"code": c, "name": n, "level": level, "parent": p} for c, n, level, p in places], "place")
    lms.add([
        {"place": c, "on": "2020-11-01", "basis": "permanent", "persons": 100, "nature": "census"} for c, _, level, _ in places
        if level == "township"
    ], "residents")


def test_a_register_is_headed_by_its_name_and_not_by_that_of_its_plugin(lms: LMS) -> None:
    """Figures about no group of people stand under the registers they count."""
    heads = {s.key: s.label for s in gather(lms, "2022", "5104", None).sections}
    assert heads["premises"] == Label("场所、机构功能", "site, function of an institution")
    assert next(iter(heads.values())).zh == "全部居民"


def test_departments_that_share_a_duty_are_named() -> None:
    """Their names, not the keys of the pack."""
    schools, sports = (
        Department(
            id=key, label=Label(zh, en), group="government", levels=(), role="lead", duties=(), clause="一", quote="", shared_with=with_,
        )
        for key, zh, en, with_ in (("x-schools", "教育局", "schools", ()), ("x-sports", "体育局", "sports", ("x-schools",)))
    )
    assert Duties(departments=(schools, sports)).partners(sports) == Label("教育局", "schools")


def test_the_places_that_meet_are_all_counted_where_only_some_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two townships held the sessions asked for; with one name written out it says two, one of which is not named."""
    def one(group: object) -> Listed:
        return listed(group, 1)  # type: ignore[arg-type]  # as the page calls it

    monkeypatch.setattr(page, "listed", one)
    with opened() as city:
        fill(city)
        city.add({"code": "S22D", "institution": f"J{B1}", "on": "2022-08-01", "theme": "讲座", "minutes": 60}, "session")
        html = "".join(html_parts(gather(city, "2022", None, None), "zh"))
    _, _, after = html.partition('id="v-sc-sessions"')
    met = after.split("</details>")[0].split("<p><b class=\"v v-met\">")[1]
    assert '<span class="n">2</span>' in met
    assert "（另有 1 个）" in met


def test_the_townships_of_many_counties_are_drawn_by_city() -> None:
    """26 counties would fill three pages: their townships stand on the lines of the two cities."""
    with LMS() as lms:
        wide(lms, 26, 1)
        drawn = charts(gather(lms, "2020", "90", None), "zh") or []
    (spread,) = [chart.svg for chart in drawn if "分布" in chart.title.zh]
    assert "子市" in spread
    assert "丑市" in spread
    assert "县1" not in spread


@pytest.mark.skipif(not CHROMIUM.exists(), reason="/usr/bin/chromium is not installed")
def test_paper_has_as_many_levels_of_places_as_fit(tmp_path: Path) -> None:
    """Of 411 places the 11 down to the counties, and the townships of the one county in which something was opened by hand."""
    from playwright.sync_api import sync_playwright

    with LMS() as lms:
        wide(lms, 8, 50)
        file = lms.report(tmp_path / "r.html", "2020", place="90")
    shown = "[...document.querySelectorAll('details.place')].filter((d) => d.checkVisibility()).length"
    counts = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        sheet = browser.new_page()
        sheet.goto(file.as_uri())
        counts.append(sheet.evaluate(shown))
        for opened_by_hand in (False, True):
            if opened_by_hand:
                sheet.evaluate("document.querySelector('details.l-township').open = true")
            sheet.evaluate("dispatchEvent(new Event('beforeprint'))")
            counts.append(sheet.evaluate(shown))
            sheet.evaluate("dispatchEvent(new Event('afterprint'))")
            counts.append(sheet.evaluate(shown))
        browser.close()
    assert counts == [411, 11, 411, 61, 411]
