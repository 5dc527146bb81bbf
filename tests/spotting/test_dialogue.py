"""Scenes as a professional would spot them; the expected text stands beside the words."""

from fractions import Fraction

import pytest

from subkit.errors import PlanError
from subkit.model import Cue, FrameRate, Profile, Span, Word
from subkit.spotting import break_lines, spot
from subkit.styles import load_profile
from tests.work import work

FILM = FrameRate(Fraction(24000, 1001))
PAL = FrameRate(Fraction(25))
PAUSES = {".": 350, "?": 400, "!": 350, ",": 150}


def speak(scene: list[tuple[str, str]], per_second: int, *, gap: int = 300) -> list[Word]:
    """A scene as a recogniser would give it; ``|700`` is a pause of 700 ms."""
    words: list[Word] = []
    clock = 1000
    for speaker, line in scene:
        for text in line.split():
            if text.startswith("|"):
                clock += int(text[1:])
                continue
            end = clock + 1000 * len(text) // per_second
            span = Span(Fraction(clock, 1000), Fraction(end, 1000))
            words.append(Word(text=text, span=span, confidence=0.5, speaker=speaker or None))
            clock = end + 400 // per_second + PAUSES.get(text[-1], 0)
        clock += gap - PAUSES.get(line[-1], 0)
    return words


def cues_of(words: list[Word], language: str, profile: str = "netflix") -> tuple[Cue, ...]:
    style = load_profile(profile, language)
    return spot(words, profile=style, rate=PAL, language=language)


def shown(cues: tuple[Cue, ...]) -> str:
    return "\n".join(f"{cue.speaker or '-'}: {' / '.join(cue.lines)}" for cue in cues)


ENGLISH = [
    ("anna", "Did you take the letters out of my desk?"),
    ("ben", "No."),
    (
        "anna",
        (
            "Don't lie to me, Thomas. I saw you come out of the study at four o'clock in the"
            " morning with something under your coat."
        ),
    ),
    ("ben", "It was a book about the sea. |700 I couldn't sleep."),
    (
        "anna",
        (
            "You never read anything in your life, and now you want me to believe that you got"
            " up in the middle of the night to look for a book?"
        ),
    ),
]

SPANISH = [
    ("ana", "¿Sacaste las cartas de mi escritorio?"),
    ("tomás", "No."),
    (
        "ana",
        (
            "No me mientas, Tomás. Te vi salir del despacho a las cuatro de la mañana con algo"
            " debajo del abrigo."
        ),
    ),
    ("tomás", "Era un libro sobre el mar. |700 No podía dormir."),
]

KOREAN = [
    ("수진", "내 책상에서 편지 꺼냈어?"),
    ("민수", "아니."),
    (
        "수진",
        "거짓말하지 마, 민수야. 새벽 네 시에 외투 밑에 뭔가 숨기고 서재에서 나오는 거 다 봤어.",
    ),
    ("민수", "바다에 관한 책이었어. |700 잠이 안 와서."),
]


def test_english_dialogue() -> None:
    assert shown(cues_of(speak(ENGLISH, 15), "en")) == (
        "anna: Did you take the letters out of my desk?\n"
        "ben: No.\n"
        "anna: Don't lie to me, Thomas.\n"
        "anna: I saw you come out of the study / at four o'clock in the morning\n"
        "anna: with something under your coat.\n"
        "ben: It was a book about the sea.\n"
        "ben: I couldn't sleep.\n"
        "anna: You never read anything in your life,\n"
        "anna: and now you want me to believe\n"
        "anna: that you got up in the middle / of the night to look for a book?"
    )


def test_spanish_dialogue() -> None:
    assert shown(cues_of(speak(SPANISH, 15), "es")) == (
        "ana: ¿Sacaste las cartas de mi escritorio?\n"
        "tomás: No.\n"
        "ana: No me mientas, Tomás.\n"
        "ana: Te vi salir del despacho a las cuatro / de la mañana con algo debajo del abrigo.\n"
        "tomás: Era un libro sobre el mar.\n"
        "tomás: No podía dormir."
    )


def test_korean_dialogue() -> None:
    assert shown(cues_of(speak(KOREAN, 8), "ko")) == (
        "수진: 내 책상에서 편지 꺼냈어?\n"
        "민수: 아니.\n"
        "수진: 거짓말하지 마, 민수야.\n"
        "수진: 새벽 네 시에 / 외투 밑에 뭔가 숨기고\n"
        "수진: 서재에서 나오는 거 다 봤어.\n"
        "민수: 바다에 관한 책이었어.\n"
        "민수: 잠이 안 와서."
    )


def test_japanese_words_of_one_character() -> None:
    text = "昨日の夜、東京駅で君が知らない男と話しているのを見た。"
    words = [
        Word(text=char, span=Span(Fraction(place, 8), Fraction(place + 1, 8)))
        for place, char in enumerate(text)
    ]
    assert shown(cues_of(words, "ja")) == (
        "-: 昨日の夜、東京駅で\n-: 君が知らない男と / 話しているのを見た。"
    )


def test_times_of_a_scene() -> None:
    cues = cues_of(speak(ENGLISH[:2], 15), "en")
    assert [(str(cue.span.start), str(cue.span.end)) for cue in cues] == [
        ("1", "18/5"),
        ("92/25", "113/25"),
    ]
    assert [cue.confidence for cue in cues] == [0.5, 0.5]
    assert [cue.id for cue in cues] == ["c0001", "c0002"]


def one(text: str, start: str, end: str, speaker: str | None = None) -> Word:
    return Word(text=text, span=Span(Fraction(start), Fraction(end)), speaker=speaker)


def frames(cues: tuple[Cue, ...], rate: FrameRate) -> list[tuple[int, int]]:
    return [(rate.frame(cue.span.start), rate.frame(cue.span.end)) for cue in cues]


@pytest.fixture
def style() -> Profile:
    return load_profile("subkit", "en")


def test_short_utterances_share_a_cue(style: Profile) -> None:
    words = [one("Yes.", "1", "1.2"), one("No.", "1.4", "1.6"), one("Maybe.", "1.8", "2.1")]
    cues = spot(words, profile=style, rate=FILM, language="en")
    assert [cue.text for cue in cues] == ["Yes. No. Maybe."]


def test_a_quick_answer_is_not_a_flash(style: Profile) -> None:
    words = [
        one("Where", "1", "1.3", "a"),
        one("now?", "1.3", "1.6", "a"),
        one("Here.", "2.0", "2.3", "b"),
        one("I", "2.6", "2.7", "a"),
        one("don't", "2.7", "2.9", "a"),
        one("see", "2.9", "3.2", "a"),
        one("anything.", "3.2", "3.9", "a"),
    ]
    cues = spot(words, profile=style, rate=FILM, language="en")
    assert [cue.speaker for cue in cues] == ["a", "b", "a"]
    # 0.6 s lie between the in-times of the second and third; it starts early, the third late.
    assert frames(cues, FILM) == [(24, 44), (46, 66), (68, 105)]


def test_a_long_pause_ends_a_cue_and_a_gap_stays(style: Profile) -> None:
    words = [one("Wait.", "1", "2"), one("What?", "4", "5")]
    cues = spot(words, profile=style, rate=PAL, language="en")
    assert frames(cues, PAL) == [(25, 62), (100, 137)]


def test_a_small_gap_is_closed_to_two_frames(style: Profile) -> None:
    words = [one("Wait.", "1", "2", "a"), one("What?", "2.9", "4", "b")]
    cues = spot(words, profile=style, rate=PAL, language="en")
    assert frames(cues, PAL)[0] == (25, 71)
    assert frames(cues, PAL)[1][0] == 73


def test_reading_may_take_the_whole_linger_of_the_profile() -> None:
    words = [one("Every single one of", "1", "1.2"), one("them is lying to us.", "1.2", "1.5")]
    linger = load_profile("bbc", "en")
    cues = spot(words, profile=linger, rate=PAL, language="en")
    # 40 characters at 17 a second take 2.35 s; 1.5 s after the speech is as far as it goes.
    assert frames(cues, PAL) == [(25, 38 + 37)]


def test_a_word_that_never_ends_is_cut_at_the_longest_duration(style: Profile) -> None:
    cues = spot([one("Nooo!", "1", "60")], profile=style, rate=PAL, language="en")
    assert frames(cues, PAL) == [(25, 25 + 7 * 25)]


def test_no_words_no_cues(style: Profile) -> None:
    assert spot([], profile=style, rate=PAL, language="en") == ()
    assert spot([one(" ", "1", "2")], profile=style, rate=PAL, language="en") == ()


def test_words_without_useful_times_get_readable_cues(style: Profile) -> None:
    words = [one(f"word{number}", "3", "3") for number in range(60)]
    cues = spot(words, profile=style, rate=PAL, language="en")
    assert min(cue.span.duration for cue in cues) >= style.min_duration


def test_a_foreign_word_stands_in_a_cue_of_its_language(style: Profile) -> None:
    spanish = Word(text="¡Vámonos!", span=Span(Fraction(2), Fraction(3)), language="es")
    words = [one("Listen.", "1", "2"), spanish, one("Now.", "3", "4")]
    cues = spot(words, profile=style, rate=PAL, language="en")
    assert [cue.language for cue in cues] == [None, "es", None]


def test_a_style_without_room_is_refused() -> None:
    with pytest.raises(PlanError, match="0 lines"):
        spot([], profile=Profile(id="x", language="en", max_lines=0), rate=PAL, language="en")


@pytest.mark.slow
def test_the_work_of_spotting_grows_with_the_film_alone(style: Profile) -> None:
    scene = speak(ENGLISH, 15)
    length = scene[-1].span.end + 1

    def film(times: int) -> list[Word]:
        return [
            Word(text=word.text, span=word.span.shifted(length * n), speaker=word.speaker)
            for n in range(times)
            for word in scene
        ]

    def cost(times: int) -> int:
        return work(lambda: spot(film(times), profile=style, rate=FILM, language="en"))

    assert cost(24) < 5 * cost(6)


@pytest.mark.parametrize(
    ("text", "language", "lines"),
    [
        ("I don't know.", "en", ["I don't know."]),
        (
            "I would have burned the letters and taken the first train.",
            "en",
            ["I would have burned the letters", "and taken the first train."],
        ),
        (
            "When he came back, the house was empty and cold.",
            "en",
            ["When he came back,", "the house was empty and cold."],
        ),
        (
            "Que tu padre nunca dejaba tocar, y no había nada dentro.",
            "es",
            ["Que tu padre nunca dejaba tocar,", "y no había nada dentro."],
        ),
        (
            "두 번 다시 그런 일은 안 하겠다고 약속해 줘.",
            "ko",
            ["두 번 다시 그런 일은", "안 하겠다고 약속해 줘."],
        ),
        (
            "我昨天晚上在车站看见你和一个陌生男人说话。",
            "zh",
            ["我昨天晚上在车站看见", "你和一个陌生男人说话。"],
        ),
        (
            "ผมเห็นคุณคุยกับผู้ชายแปลกหน้า เมื่อคืนนี้ตอนสี่ทุ่มครึ่งที่สถานีรถไฟ",
            "th",
            ["ผมเห็นคุณคุยกับผู้ชายแปลกหน้า", "เมื่อคืนนี้ตอนสี่ทุ่มครึ่งที่สถานีรถไฟ"],
        ),
        ("-Who is it?\n-Me.", "en", ["-Who is it?", "-Me."]),
        ("  one \n two ", "en", ["one two"]),
        ("", "en", []),
    ],
)  # fmt: skip
def test_lines_of_a_text(text: str, language: str, lines: list[str]) -> None:
    profile = load_profile("subkit", language)
    assert list(break_lines(text, profile=profile, language=language)) == lines


def test_a_text_too_long_for_two_lines_gets_wider_ones_rather_than_a_third() -> None:
    profile = load_profile("subkit", "en")
    text = " ".join(word.text for word in speak(ENGLISH[4:], 15))
    lines = break_lines(text, profile=profile, language="en")
    assert len(lines) == 2
    assert 42 < max(map(len, lines)) <= len(text) // 2 + max(map(len, text.split()))


def test_a_text_of_a_hundred_thousand_words_does_not_hang() -> None:
    profile = load_profile("subkit", "en")
    assert len(break_lines("word " * 100_000, profile=profile, language="en")) == 2


@pytest.mark.slow
def test_words_without_width_do_not_hang(style: Profile) -> None:
    words = [one("\u200d", "1", "1")] * 400
    calls = work(lambda: spot(words, profile=style, rate=PAL, language="en"))
    assert calls < 20_000 * len(words)  # if every word were tried with every other, 24,000


def test_a_cue_ends_at_a_shot_change_rather_than_cross_it() -> None:
    words = speak([("", "We waited quietly for a long time before he came back.")], 15)
    at = next(word.span.start for word in words if word.text == "for")
    style = load_profile("netflix", "en")
    plain = spot(words, profile=style, rate=PAL, language="en")
    cut = spot(words, profile=style, rate=PAL, language="en", shots=[at, Fraction(99)])
    assert plain[0].text.split()[-1] != "quietly"
    assert cut[0].text.split()[-1] == "quietly"
    assert spot(words, profile=style, rate=PAL, language="en", shots=[]) == plain
