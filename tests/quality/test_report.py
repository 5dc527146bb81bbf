"""Reports: one sentence, rows, JUnit XML, and the page."""

from __future__ import annotations

import re
from fractions import Fraction
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from subkit.interfaces import Subject
from subkit.model import Cue, FrameRate, Media, Severity, Span, Track
from subkit.quality import RULES, check
from subkit.quality.report import Checked, clock, finding_rows, junit_xml, report_page, statement
from subkit.styles import load_profile, profile_name

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FILM = FrameRate(Fraction(24))
JUNIT = """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
 <xs:element name="testsuites"><xs:complexType><xs:sequence>
  <xs:element name="testsuite" maxOccurs="unbounded"><xs:complexType><xs:sequence>
   <xs:element name="testcase" maxOccurs="unbounded"><xs:complexType><xs:choice minOccurs="0">
     <xs:element name="failure"><xs:complexType><xs:simpleContent>
      <xs:extension base="xs:string"><xs:attribute name="type" use="required"/>
       <xs:attribute name="message" use="required"/></xs:extension>
     </xs:simpleContent></xs:complexType></xs:element>
     <xs:element name="system-out" type="xs:string"/></xs:choice>
    <xs:attribute name="name" use="required"/><xs:attribute name="classname" use="required"/>
    <xs:attribute name="time" type="xs:decimal"/></xs:complexType></xs:element>
   <xs:element name="system-out" type="xs:string" minOccurs="0"/></xs:sequence>
   <xs:attribute name="name" use="required"/>
   <xs:attribute name="tests" type="xs:nonNegativeInteger" use="required"/>
   <xs:attribute name="failures" type="xs:nonNegativeInteger" use="required"/>
   <xs:attribute name="errors" type="xs:nonNegativeInteger" use="required"/>
   <xs:attribute name="skipped" type="xs:nonNegativeInteger"/>
   <xs:attribute name="time" type="xs:decimal"/></xs:complexType></xs:element></xs:sequence>
  <xs:attribute name="name"/><xs:attribute name="tests" type="xs:nonNegativeInteger"/>
  <xs:attribute name="failures" type="xs:nonNegativeInteger"/>
  <xs:attribute name="errors" type="xs:nonNegativeInteger"/></xs:complexType></xs:element>
</xs:schema>"""


def checked(*texts: str, profile: str = "netflix", rate: FrameRate | None = FILM) -> Checked:
    cues = tuple(
        Cue(
            id=f"c{n}",
            span=Span(Fraction(50 * n, 24), Fraction(50 * n + 48, 24)),
            lines=tuple(text.split("|")),
        )
        for n, text in enumerate(texts)
    )
    media = Media(path="", digest="", duration=Fraction(60), frame_rate=rate)
    track = Track(id="en", language="en", cues=cues)
    subject = Subject(track=track, profile=load_profile(profile, "en"), media=media)
    return Checked(subject=subject, findings=check(subject), style=profile_name(profile))


GOOD = ("Where did you hide it?", "In the garden.")
BAD = (*GOOD, "a|b|c", "Well,then...", "<script>alert('x')</script>")


@pytest.mark.parametrize(
    ("profile", "doubtful"), [("netflix", 3), ("ted", 4), ("amazon-prime", 10), ("subkit", 16)]
)
def test_a_style_is_never_said_to_be_met_without_saying_how_sure_it_is(
    profile: str, doubtful: int
) -> None:
    said = statement(checked(*GOOD, profile=profile))
    total = sum(s.rule != "shots" for s in load_profile(profile, "en").rule_sources)
    assert said == (
        f"Within the {total} numbers of {profile_name(profile)} for en; "
        f"{doubtful} of them from secondary sources or own proposals."
    )
    page = report_page([checked(*BAD, profile=profile)], title="x")
    assert "complian" not in page + said


def test_with_findings_the_sentence_counts_them() -> None:
    one = checked(*BAD)
    errors = sum(f.severity is Severity.ERROR for f in one.findings)
    warnings = len(one.findings) - errors
    assert errors
    assert warnings
    assert f"{errors} error" in statement(one)
    assert f"{warnings} warning" in statement(one)
    assert "Within" not in statement(one)


def test_times_are_timecode_on_a_grid_and_thousandths_without() -> None:
    one, bare = checked(*GOOD), checked(*GOOD, rate=None)
    assert clock(Fraction(3661, 2), one.subject.media) == "00:30:30:12"
    assert clock(Fraction(3661, 2), bare.subject.media) == "00:30:30.500"


def test_rows_hold_each_finding_with_the_text_of_its_cue() -> None:
    one = checked(*BAD)
    rows = list(finding_rows([one]))
    assert len(rows) == len(one.findings)
    lines = next(row for row in rows if row["rule"] == "lines")
    assert (lines["cue"], lines["in"], lines["measured"]) == ("c2", "00:00:04:04", "3")
    assert lines["text"] == "a | b | c"


@pytest.mark.parametrize("fail_on", list(Severity))
def test_junit_has_a_case_for_each_rule(fail_on: Severity) -> None:
    one = checked(*BAD, "\x01\ufffe & ]]>")
    tree = etree.fromstring(junit_xml([one], fail_on=fail_on).encode())
    etree.XMLSchema(etree.fromstring(JUNIT)).assertValid(tree)
    cases = {case.get("name"): case for case in tree.iter("testcase")}
    assert set(cases) == {rule.name for rule in RULES}
    assert cases["lines"].find("failure") is not None
    assert (cases["repeated-mark"].find("failure") is not None) is False
    spaced = cases["missing-space"].find("failure") is not None
    assert spaced == (fail_on is Severity.WARNING)
    failed = sum(case.find("failure") is not None for case in cases.values())
    assert tree.get("failures") == str(failed) == tree[0].get("failures")
    assert "alert" not in etree.tostring(cases["empty"], encoding="unicode")


class _Page(HTMLParser):
    """What a browser would load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "style")]
        assert not [name for name, _ in attrs if name.startswith("on")]


def _parsed(page: str) -> _Page:
    parser = _Page()
    parser.feed(page)
    return parser


def test_the_page_needs_nothing_and_runs_nothing() -> None:
    page = report_page([checked(*BAD), checked(*GOOD)], title="<b>Film</b>", version="1")
    parsed = _parsed(page)
    assert not {"script", "img", "link", "iframe", "object", "form"} & set(parsed.tags)
    assert all(link.startswith("#") for link in parsed.links)
    assert "default-src 'none'" in page
    assert "<b>Film</b>" not in page
    assert "&lt;script&gt;alert" in page
    assert re.search(r'id="rule-lines"', page)
    assert page.count("<svg") == 6
    for target in set(parsed.links):
        assert f'id="{target[1:]}"' in page


@settings(max_examples=60)
@given(st.text(max_size=60), st.text(max_size=20))
def test_no_text_gets_out_of_its_place(text: str, title: str) -> None:
    page = report_page([checked(text, "x" * 60)], title=title)
    plain = report_page([checked("x", "x" * 60)], title="t")
    tags = set(_parsed(page).tags)
    assert tags <= set(_parsed(plain).tags) | {"b"}
    page.encode()


def test_ten_thousand_findings_stay_below_three_megabytes() -> None:
    texts = [f"{n} <&\"'>  well,then...|of the|{'x' * 200}" for n in range(3000)]
    one = checked(*texts)
    assert len(one.findings) > 10_000
    page = report_page([one], title="x" * 10_000)
    assert len(page.encode()) < 3_000_000
    assert "more findings are not listed here" in page


def test_the_page_fits_wide_and_narrow_screens_and_its_filter_works(chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.set_content(report_page([checked(*BAD)], title="Film", version="1"))
    for width in (1280, 400):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    shown = "[...document.querySelectorAll('.place')].filter(e => e.offsetParent).length"
    before = page.evaluate(shown)
    page.check("input.only-errors")
    assert 0 < page.evaluate(shown) < before
    page.close()
    assert said == []
