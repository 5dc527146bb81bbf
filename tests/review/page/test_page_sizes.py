"""The page at the sizes people have: all inside, captions in the safe area, panes that move."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.review.page.conftest import saving, shows
from tests.review.page.test_page import NOW, to_cue

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import FloatRect, Page

    from tests.review.page.conftest import Served

    Visit = Callable[..., Page]

OUTSIDE = """(wide) => [...document.querySelectorAll(
  'header > *, #tools, #transport, footer > *, #stage, #list, #panel, #head > *, .row > *')]
  .filter(e => e.getClientRects().length && (e.getBoundingClientRect().right > wide + 1
            || e.getBoundingClientRect().left < -1)).map(e => e.outerHTML.slice(0, 200))"""


def box(page: Page, selector: str) -> FloatRect:
    found = page.locator(selector).first.bounding_box()
    assert found is not None, selector
    return found


@pytest.mark.parametrize(
    ("wide", "high"), [(1280, 720), (1920, 1080), (768, 1024), (390, 844)], ids=str
)
def test_nothing_lies_outside_and_a_cue_can_be_done(
    served: Served, visit: Visit, wide: int, high: int
) -> None:
    page = visit(served)
    page.set_viewport_size({"width": wide, "height": high})
    page.wait_for_timeout(300)
    assert page.evaluate(OUTSIDE, wide) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= wide
    to_cue(page, "c0003")
    shows(page, ".caption", "호텔에")
    picture, caption = box(page, "#picture"), box(page, ".caption")
    margin = 0.05 * picture["height"] - 1
    assert caption["y"] >= picture["y"] + margin
    assert caption["y"] + caption["height"] <= picture["y"] + picture["height"] - margin
    assert caption["x"] >= picture["x"] + 0.05 * picture["width"] - 1
    assert box(page, "#list")["height"] > 200
    assert box(page, f"{NOW} .text:not(.source .text)")["width"] > 100
    with saving(page, "Approv"):
        page.keyboard.press("a")


def test_panes_are_moved_and_remembered(served: Served, visit: Visit) -> None:
    page = visit(served)
    before = box(page, "#stage")
    edge = box(page, '[data-edge="left"]')
    page.mouse.move(edge["x"] + 2, edge["y"] + 200)
    page.mouse.down()
    page.mouse.move(edge["x"] + 202, edge["y"] + 200, steps=3)
    page.mouse.up()
    assert abs(box(page, "#stage")["width"] - before["width"] - 200) < 3
    page.focus('[data-edge="stage"]')
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    grown = box(page, "#stage")
    assert abs(grown["height"] - before["height"] - 72) < 3
    page.focus('[data-edge="wave"]')
    page.keyboard.press("ArrowUp")
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert box(page, "#stage") == grown
    page.dblclick('[data-edge="left"]')
    assert abs(box(page, "#stage")["width"] - before["width"]) < 3
    page.keyboard.press("G")
    assert page.locator(".guide.title").is_visible()


def test_the_spectrogram_is_that_of_the_sound(served: Served, visit: Visit) -> None:
    page = visit(served)
    with page.expect_response("**/api/spectrum?piece=0"):
        page.click("#tools button:has-text('Spectrogram')")
    page.wait_for_function(
        """() => fetch('/api/spectrum?piece=0')
             .then(r => r.headers.get('X-Subkit-Complete') === '1')"""
    )
    page.wait_for_timeout(2000)
    loud, silent = page.evaluate(
        """() => {
             const canvas = document.getElementById('peaks');
             const scale = canvas.width / canvas.clientWidth;
             const light = (x) => {
               const { data } = canvas.getContext('2d').getImageData(x * scale, 40 * scale, 4, 40);
               return data.reduce((sum, value, at) => sum + (at % 4 < 2 ? value : 0), 0);
             };
             return [light(60 * 12.5), light(60 * 0.3)];
           }"""
    )
    assert loud > 3 * silent


@pytest.mark.parametrize("wide", [768, 390])
def test_tabs_stand_right_above_their_panel(served: Served, visit: Visit, wide: int) -> None:
    page = visit(served)
    page.set_viewport_size({"width": wide, "height": 900})
    for tab in ("panel", "findings"):
        page.click(f'[data-shows="{tab}"]')
        tabs, shown = box(page, "#tabs"), box(page, f"#{tab}")
        assert abs(tabs["y"] + tabs["height"] - shown["y"]) < 2
        assert abs(tabs["x"] - shown["x"]) < 2
        assert shown["height"] > 60
    footer = box(page, "footer")
    assert 895 < footer["y"] + footer["height"] < 905, "at the foot of the window"
