"""The page in a real browser: nothing wider than the screen, nothing on the console, nothing fetched."""

from pathlib import Path

import pytest

from commlms import LMS

from .parts_city import fill as fill_parts
from .parts_city import opened

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="/usr/bin/chromium is not installed")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update"]


@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_page_fits_the_screen_with_everything_open(lms: LMS, tmp_path: Path, width: int, script: bool) -> None:
    """Neither the page nor any table or picture of it is wider than a phone or a desk screen."""
    from playwright.sync_api import sync_playwright

    file = lms.report(tmp_path / "r.html", "2022", place="5104")
    trouble: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        page = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=script).new_page()
        page.on("console", lambda message: trouble.append(message.text))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith("file:") else trouble.append(request.url))
        page.goto(file.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        widest = page.evaluate("[...document.querySelectorAll('body *')].reduce((m, e) => Math.max(m, e.getBoundingClientRect().right), 0)")
        whole = page.evaluate("document.documentElement.scrollWidth")
        browser.close()
    assert whole <= width
    assert widest <= width
    assert not trouble


def test_finding_a_place_opens_the_way_to_it_and_hides_the_others(lms: LMS, tmp_path: Path) -> None:
    """Typing 甲社区 shows that village, its township, county and city, and no other place."""
    from playwright.sync_api import sync_playwright

    file = lms.report(tmp_path / "r.html", "2022", place="5104")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        page = browser.new_page()
        page.goto(file.as_uri())
        assert not page.locator("text=甲社区").first.is_visible()
        page.fill("input[type=search]", "甲社区")
        shown = page.evaluate(
            "[...document.querySelectorAll('details.place')].filter((d) => d.checkVisibility()).map((d) => d.dataset.name)"
        )
        browser.close()
    assert shown == ["攀枝花市 5104", "东区 510401", "一街道 510401001", "甲社区 510401001001"]


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """The report of a city whose document has every part."""
    with opened() as city:
        fill_parts(city)
        return city.report(tmp_path / "parts.html", "2022")


@pytest.mark.parametrize("width", [400, 1280])
def test_the_parts_of_a_document_fit_the_screen_and_the_matrix_names_its_places(report: Path, width: int) -> None:
    """With everything open nothing is wider than the screen. Where there is no room for columns each cell says its place."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(report.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        widest = page.evaluate("[...document.querySelectorAll('body *')].reduce((m, e) => Math.max(m, e.getBoundingClientRect().right), 0)")
        heads = page.locator(".mx thead").first.is_visible()
        named = page.evaluate(
            "[...document.querySelectorAll('.mx td[data-place]:not(.none)')].map((d) => getComputedStyle(d, '::before').content)"
        )
        first = page.locator(".mx tr", has_text="各乡镇每年场次").first
        cells = first.locator("td").all_inner_texts()
        browser.close()
    assert widest <= width
    assert heads is (width == 1280)
    assert set(named) == ({"none"} if heads else {'"甲县"', '"乙县"'})
    assert ["".join(c.split()) for c in cells] == ["√达到1×未达到3", "√达到1×未达到2", "×未达到"]


def test_a_verdict_differs_from_another_without_colour(report: Path) -> None:
    """Every verdict in the matrix has a sign and a word; no two verdicts share either."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        page = browser.new_page()
        page.goto(report.as_uri())
        told = page.evaluate(
            "[...document.querySelectorAll('.v')].map((v) => "
            "[v.className.split('v-')[1], v.querySelector('i').textContent, v.querySelector('span').textContent])"
        )
        browser.close()
    assert {verdict for verdict, *_ in told} == {"met", "short", "not_shown", "no_data", "not_applicable", "no_verdict"}
    assert len({tuple(t) for t in told}) == len({sign for _, sign, _ in told}) == len({word for *_, word in told}) == 6


def test_paper_has_the_duties_and_only_the_heads_of_what_was_not_judged(report: Path, tmp_path: Path) -> None:
    """For printing the parts open; the card of a target without any verdict stays closed, and the places' figures do."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 794, "height": 1123})
        page.goto(report.as_uri())
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        shown = {words: page.locator(f".doc >> text={words}").first.is_visible() for words in ("社区教育委员会", "基本实现社区教育全覆盖")}
        closed = page.evaluate("[...document.querySelectorAll('.doc details:not([open])')].map((d) => d.id)")
        widest = page.evaluate("[...document.querySelectorAll('.doc *')].reduce((m, e) => Math.max(m, e.getBoundingClientRect().right), 0)")
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        again = page.evaluate("document.querySelectorAll('.doc .part:not([open])').length")
        browser.close()
    assert shown == {"社区教育委员会": True, "基本实现社区教育全覆盖": True}
    assert closed == ["v-sc-brands"]
    assert widest <= 794
    assert again == 4
