"""The page in a real browser: nothing wider than the screen, nothing on the console, nothing fetched."""

from pathlib import Path

import pytest

from commlms import LMS

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
