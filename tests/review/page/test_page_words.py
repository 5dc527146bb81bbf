"""Beside the picture: findings by rule, words that the dictionary lacks, speakers, history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.review.page.conftest import saving, shows
from tests.review.page.test_page import NOW, to_cue

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.review.page.conftest import Served

    Visit = Callable[..., Page]


def test_findings_are_listed_by_rule(served: Served, visit: Visit) -> None:
    page = visit(served)
    page.select_option("#track", "es")
    page.wait_for_selector('.row [lang="es"]')
    page.keyboard.press("q")
    shows(page, "#findings summary >> nth=0", "reading speed (2)")
    page.click("#findings li button >> nth=1")
    shows(page, NOW, page.get_attribute("#findings li.here", "data-cue") or "none")
    assert "2 of 2" in page.inner_text("#status")
    page.click("#tabs button:has-text('Cue')")
    assert page.is_hidden("#findings")
    page.select_option("#track", "ko")
    page.wait_for_selector('.row [lang="ko"]')
    page.keyboard.press("q")
    shows(page, "#no-dictionary", "There is no dictionary for Korean")


def test_a_word_is_corrected_or_made_the_projects(served: Served, visit: Visit) -> None:
    pytest.importorskip("hunspell")
    page = visit(served)
    page.select_option("#track", "en")
    page.wait_for_selector('.row [lang="en"]')
    to_cue(page, "c0002")
    with saving(page):
        page.keyboard.press("Enter")
        page.keyboard.press("Control+A")
        page.keyboard.insert_text("Plese help me, zorgon.")
    page.keyboard.press("Escape")
    page.keyboard.press("q")
    shows(page, ".word-row >> nth=0", "Plese")
    page.click(".word-row:has-text('zorgon') button:has-text('Right')")
    shows(page, "#status", "zorgon is a word of this project.")
    assert served.path.with_suffix(".words.txt").read_text() == "zorgon\n"
    page.wait_for_function("() => document.querySelectorAll('.word-row').length === 1")
    page.click(".word-row button:has-text('?')")
    with saving(page):
        page.click(".word-row button[title='Write Please instead']")
    assert served.document().track("en").cue("c0002").text == "Please help me, zorgon."
    page.wait_for_function("() => document.querySelectorAll('.word-row').length === 0")


def test_speakers_are_set_and_the_history_is_in_words(served: Served, visit: Visit) -> None:
    page = visit(served)
    to_cue(page, "c0004")
    page.keyboard.press("v")
    with saving(page, "c0004 is spoken by Dana. Saved."):
        page.keyboard.type("Dana")
        page.keyboard.press("Enter")
    shows(page, f"{NOW} .who", "Dana")
    assert served.document().track("ko").cue("c0004").speaker == "Dana"
    assert page.get_attribute("#speakers option", "value") == "Dana"
    for key, told in (("1", "has the other text"), ("]", "In-time"), ("u", "top"), ("l", "Locked")):
        with saving(page, told):
            page.keyboard.press(key)
    page.keyboard.press("h")
    page.wait_for_selector("#history ins")
    history = page.inner_text("#history")
    for said in (
        "Ana locked it",
        "Place: bottom, center → top, center",
        "In-time: 00:00:15:17 → 00:00:15:18",
        "Ana took another text",
        "Speaker: nobody named → Dana",
    ):
        assert said in history
    assert "{" not in history
    assert '"' not in history
