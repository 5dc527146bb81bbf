"""The list follows the picture, keys do what is marked, and no key does more than it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from subkit.model import ReviewState
from tests.review.page.conftest import saving, shows
from tests.review.page.test_page import NOW, to_cue

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.review.page.conftest import Served

    Visit = Callable[..., Page]

PLAYED_TO = "(end) => document.getElementById('video').currentTime >= end"


def play_from(page: Page, start: float) -> None:
    page.evaluate("(at) => import('/static/player.js').then(m => m.seek(at))", start)
    page.keyboard.press(" ")


def number(page: Page) -> str:
    return page.inner_text(f"{NOW} .number")


def test_the_list_follows_the_picture(served: Served, visit: Visit) -> None:
    page = visit(served)
    to_cue(page, "c0001")
    play_from(page, 7.6)
    page.wait_for_function(PLAYED_TO, arg=9)
    assert number(page) == "c0002"  # heard from 8.5 s on
    assert page.inner_text(".row.heard .number") == "c0002"
    with saving(page, "Approved c0002. Saved."):
        page.keyboard.press("a")
    assert served.document().track("ko").cue("c0002").review.state is ReviewState.APPROVED
    # Somebody chooses another: it stays, whatever plays.
    page.keyboard.press("ArrowUp")
    page.wait_for_function(PLAYED_TO, arg=11.9)
    assert number(page) == "c0001"
    assert page.inner_text(".row.heard .number") == "c0003"
    shows(page, "#mode", "Keys act on c0001")
    page.keyboard.press("b")
    assert number(page) == "c0003"
    # Nothing moves under the hands of who types.
    page.keyboard.press("Enter")
    page.wait_for_function(PLAYED_TO, arg=15.8)
    assert page.inner_text(".row.heard .number") == "c0004"
    assert page.get_attribute("#rows textarea", "aria-label") == "Text of cue c0003"
    page.keyboard.press("Escape")
    page.keyboard.press(" ")


def test_a_click_selects_and_no_shortcut_types(served: Served, visit: Visit) -> None:
    page = visit(served)
    text = '.row[data-cue="c0005"] .text:not(.source .text)'
    for _ in range(2):
        page.click(text)
        page.wait_for_timeout(600)  # two clicks, not a double one
    assert page.locator("#rows textarea").count() == 0
    page.dblclick(text, position={"x": 2, "y": 10})
    assert page.evaluate("document.querySelector('#rows textarea').selectionStart") == 0
    shows(page, "#mode", "Typing in c0005")
    page.keyboard.press("Escape")
    assert page.inner_text("#mode") == ""
    # A key that is held opens a field once and writes nothing into it.
    for key, field in (("Enter", "#rows textarea"), ("c", "#comment"), ("/", "#search")):
        before = page.input_value(field) if field != "#rows textarea" else None
        page.keyboard.down(key)
        for _ in range(3):
            page.keyboard.down(key)
        page.keyboard.up(key)
        assert page.evaluate("(field) => document.activeElement.matches(field)", field)
        written = page.input_value(field)
        assert written == (before if before is not None else written.rstrip("\n"))
        page.keyboard.press("Escape")
    assert page.evaluate("sessionStorage['subkit-drafts'] ?? '{}'") == "{}"
    # What was clicked does not take the next key; a chosen filter is not changed by letters.
    to_cue(page, "c0006")
    with saving(page, "Locked c0006. Saved."):
        page.click("#panel button:has-text('Lock')")
    page.click("#sign")
    page.wait_for_selector("#dialog[open]")
    page.keyboard.press("Escape")
    page.select_option("#filter", "locked")
    page.keyboard.press("l")
    shows(page, "#status", "Unlocked c0006. Saved.")
    assert page.input_value("#filter") == "locked"
    page.select_option("#filter", "all")


def test_actions_say_what_they_did(served: Served, visit: Visit) -> None:
    page = visit(served)
    to_cue(page, "c0008")
    with saving(page, "Merged c0008 and c0009. Saved."):
        page.keyboard.press("m")
    with saving(page, "Undid the merge of c0008 and c0009. Saved."):
        page.keyboard.press("Control+z")
    with saving(page, "Did again: the merge of c0008 and c0009. Saved."):
        page.keyboard.press("Control+Shift+Z")
    with saving(page, "Undid the merge of c0008 and c0009. Saved."):
        page.keyboard.press("Control+z")
    with saving(page, "Locked c0010. Saved."):
        to_cue(page, "c0010")
        page.keyboard.press("l")
    assert page.inner_text(f"{NOW} .locked") == "locked"
    assert page.locator(f"{NOW} .padlock").bounding_box() is not None


def test_the_queue_and_its_number_agree(served: Served, visit: Visit) -> None:
    page = visit(served)
    page.select_option("#filter", "queue")
    waiting = int(page.get_attribute("#list", "aria-rowcount") or "")
    assert waiting
    shows(page, "#progress", f"{waiting} to look at")
    for left in range(waiting, 0, -1):
        page.keyboard.press("n")
        shows(page, "#progress", f"{left} to look at")
        with saving(page):
            page.keyboard.press("a")
    shows(page, "#progress", "0 to look at")
    page.keyboard.press("n")
    shows(page, "#status", "Nothing is left in the queue")


@pytest.mark.parametrize("address", ["/", "/?token=of-another-day-and-review"])
def test_a_stale_link_gets_a_page(served: Served, visit: Visit, address: str) -> None:
    page = visit(served)
    page.context.clear_cookies()
    answer = page.goto(f"http://127.0.0.1:{served.port}{address}")
    assert answer is not None
    assert answer.status == 401
    assert page.inner_text("h1") == "This link is old"
    assert "subkit review PROJECT" in page.inner_text("body")
