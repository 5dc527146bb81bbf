"""Each rule by what it must find and by what is nearly the same and fine."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from subkit.interfaces import Subject
from subkit.model import (
    Address,
    Anchor,
    AnchorKind,
    Cell,
    Cue,
    DubLine,
    FrameRate,
    Loop,
    Media,
    Origin,
    Placement,
    Profile,
    Provenance,
    Purpose,
    Review,
    ReviewState,
    ShotRules,
    SoundFault,
    Span,
    Term,
    TermKind,
    TextRules,
    Track,
    Transcript,
    Window,
    Word,
)
from subkit.quality import RULES, check
from subkit.signals import RECOGNITION

FILM = FrameRate(Fraction(24))
PROFILE = Profile(id="test", language="en", max_cps=Fraction(30))
MADE = Provenance(origin=Origin.ASR, tool="test")


def span(start: float, end: float) -> Span:
    return Span(Fraction(str(start)), Fraction(str(end)))


def cues(texts: tuple[str, ...], *, at: tuple[tuple[float, float], ...] = (), **facts: Any) -> Any:
    """Cues of two seconds with a gap of two frames, or at the times given; ``|`` breaks lines."""
    found = []
    for place, text in enumerate(texts):
        start = Fraction(50 * place, 24)
        time = span(*at[place]) if at else Span(start, start + 2)
        found.append(Cue(id=f"c{place + 1}", span=time, lines=tuple(text.split("|")), **facts))
    return tuple(found)


def heard(*words: tuple[str, float, float] | tuple[str, float, float, str]) -> tuple[Word, ...]:
    return tuple(
        Word(text=w[0], span=span(w[1], w[2]), speaker=w[3] if len(w) > 3 else None) for w in words
    )


def subject(
    *texts: str,
    language: str = "en",
    at: tuple[tuple[float, float], ...] = (),
    purpose: Purpose = Purpose.SUBTITLE,
    source: tuple[str, ...] | None = None,
    source_language: str = "en",
    shots: tuple[float, ...] | None = None,
    words: tuple[Word, ...] | None = None,
    voice: tuple[tuple[float, float], ...] = (),
    windows: tuple[Window, ...] = (),
    media: dict[str, Any] | None = None,
    cue: dict[str, Any] | None = None,
    source_at: tuple[tuple[float, float], ...] = (),
    text: dict[str, Any] | None = None,
    **numbers: Any,
) -> Subject:
    """What a rule looks at, all of it plain unless said otherwise."""
    track = Track(
        id=language, language=language, purpose=purpose, cues=cues(texts, at=at, **(cue or {}))
    )
    original = source and Track(
        id="src", language=source_language, cues=cues(source, at=source_at or at)
    )
    transcript = None
    if words is not None or voice or windows:
        transcript = Transcript(
            language=language,
            words=words or (),
            voice=tuple(span(*v) for v in voice),
            windows=windows,
            provenance=MADE,
        )
    film = {"path": "", "digest": "", "duration": Fraction(100), "frame_rate": FILM}
    return Subject(
        track=track,
        profile=replace(PROFILE, language=language, text=TextRules(**(text or {})), **numbers),
        media=Media(**{**film, **(media or {})}),
        source=original or None,
        shots=None if shots is None else tuple(Fraction(str(s)) for s in shots),
        transcript=transcript,
    )


def window(reason: str, start: float = 0, end: float = 2) -> Window:
    return Window(
        span=span(start, end),
        language="en",
        language_confidence=1.0,
        score=-1.0,
        no_speech=0.1,
        compression_ratio=1.0,
        warnings=(reason,) if reason else (),
    )


KO: dict[str, Any] = {"language": "ko", "counting": "half-width", "max_cpl": 16}


def _with_fault(kind: str) -> Subject:
    """A track whose sound has a fault of a kind."""
    plain = subject("Hi.")
    fault = SoundFault(kind=kind, span=span(1, 20), count=3)
    return replace(plain, transcript=Transcript(language="en", faults=(fault,), provenance=MADE))


CAPTION = Placement(cell=Cell(grid="608", row=12, column=4))

Case = tuple[str, tuple[Subject, ...], tuple[Subject, ...]]

TIMES: tuple[Case, ...] = (
    (
        "no-cue",
        (subject(),),
        (subject("One."), subject(purpose=Purpose.FORCED)),
    ),
    (
        "order",
        (subject("Late.", "Early.", at=((5, 7), (1, 3))),),
        (subject("Early.", "Late.", at=((1, 3), (5, 7))),),
    ),
    (
        "overlap",
        (subject("One.", "Two.", at=((1, 3), (2.5, 5))),),
        (subject("One.", "Two.", at=((1, 3), (3, 5))),),
    ),
    (
        "gap",
        (subject("One.", "Two.", at=((1, 3), (3, 5))),),
        (subject("One.", "Two."), subject("One.", "Two.", at=((1, 3), (3, 5)), min_gap_frames=0)),
    ),
    (
        "chained-gap",
        (
            subject("One.", "Two.", at=((1, 3), (3.125, 5))),
            subject("One.", "Two.", at=((1, 3), (3.458, 5))),
        ),
        (
            subject("One.", "Two."),
            subject("One.", "Two.", at=((1, 3), (3.5, 5))),
            subject("One.", "Two.", at=((1, 3), (3.125, 5)), chain=Fraction(0)),
            subject("One.", "Two.", min_gap_frames=0),
        ),
    ),
    ("min-duration", (subject("Hi.", at=((1, 1.75),)),), (subject("Hi.", at=((1, 1.834),)),)),
    ("max-duration", (subject("Hi.", at=((1, 8.042),)),), (subject("Hi.", at=((1, 8),)),)),
    (
        "word-duration",
        (subject("I know what you want.", at=((1, 2.4),), word_duration=Fraction(3, 10)),),
        (
            subject("I know what you want.", at=((1, 2.5),), word_duration=Fraction(3, 10)),
            subject("I know what you want.", at=((1, 2),)),
        ),
    ),
    (
        "past-end",
        (subject("Bye.", at=((99, 101),), media={"path": "/film.mkv"}),),
        (
            subject("Bye.", at=((98, 100),), media={"path": "/film.mkv"}),
            subject("Bye.", at=((99, 101),)),
        ),
    ),
    ("off-grid", (subject("Hi.", at=((1.02, 3),)),), (subject("Hi.", at=((1.042, 3),)),)),
)

READING: tuple[Case, ...] = (
    ("lines", (subject("a|b|c"),), (subject("a|b"),)),
    (
        "cpl",
        (
            subject("x" * 43),
            subject("가" * 17, **KO),
            subject("あ" * 14, language="ja", counting="half-width", max_cpl=13),
        ),
        (
            subject("x" * 42),
            subject("가" * 16, **KO),
            subject("가" * 15 + "ab", **KO),
            subject("สวัสดี" * 7, language="th", max_cpl=35),
            subject("שָׁלוֹם" * 10, language="he"),
        ),
    ),
    (
        "reading-speed",
        (subject("x" * 35, max_cps=Fraction(17)),),
        (subject("x" * 34, max_cps=Fraction(17)),),
    ),
    (
        "too-slow",
        (
            subject("A", at=((0, 7),)),
            subject("Yes, I do.", at=((0, 6.5),)),
        ),
        (
            subject("No.", at=((0, 3.9),)),
            subject("Yes, I will do that for you.", at=((0, 5),)),
            subject("[music]", at=((0, 7),)),
            subject("EXIT", at=((0, 7),), purpose=Purpose.FORCED),
        ),
    ),
    (
        "max-chars",
        (subject("x" * 43 + "|" + "y" * 42, max_chars=84),),
        (subject("x" * 42 + "|" + "y" * 42, max_chars=84),),
    ),
    (
        "wpm",
        (subject("one two three four five six seven", max_wpm=Fraction(180)),),
        (
            subject("one two three four five six", max_wpm=Fraction(180)),
            subject("one two three", at=((1, 1.9),), max_wpm=Fraction(180)),
            subject("一二三四五六七八九", language="zh", max_wpm=Fraction(180)),
        ),
    ),
    ("empty", (subject(" "),), (subject("…"),)),
)

SHAPE: tuple[Case, ...] = (
    (
        "line-break",
        (
            subject("I would never have gone to the|house at the end of the street."),
            subject("Das ist nicht das, was ich von der|Sache gehalten habe.", language="de"),
            subject("そうですか|。行きましょう", language="ja"),
        ),
        (
            subject("I would never have gone to the house|at the end of the street."),
            subject("She's the|"),
            subject("もう限界|帰る", language="ja"),
            subject("ฉันไม่รู้|จริงๆ", language="th"),
            subject("- Give me the…|- No."),
        ),
    ),
    (
        "cue-break",
        (subject("I would never have gone to the", "house at the end."),),
        (
            subject("I would never have gone", "to the house at the end."),
            subject("I saw the", "house.", at=((1, 3), (6, 8))),
            subject("And then the…", "No!"),
            subject("Who did you see in the", "! house"),  # typed as right-to-left text looks
        ),
    ),
    (
        "one-line",
        (subject("I know|what you want.", text={"one_line": True}),),
        (
            subject("I know|what you want."),
            subject("- I know.|- You do?", text={"one_line": True}),
            subject("I know exactly what it is|that you want from me.", text={"one_line": True}),
        ),
    ),
    (
        "balance",
        (subject("I know|what you want from all of us.", text={"balance": Fraction(1, 2)}),),
        (
            subject("I know what you|want from all of us.", text={"balance": Fraction(1, 2)}),
            subject("I know|what you want from all of us."),
        ),
    ),
    (
        "bottom-heavy",
        (subject("I know what you want|from us.", text={"bottom_heavy": True}),),
        (
            subject("I know what|you want from us.", text={"bottom_heavy": True}),
            subject("I know what you want now.|Go home.", text={"bottom_heavy": True}),
        ),
    ),
    (
        "orphan",
        (subject("I know exactly what you|want"),),
        (
            subject("I know exactly|what you want"),
            subject("I know what you want.|Yes."),
            subject("- What do you want?|- Tea."),
        ),
    ),
    (
        "whole-sentences",
        (subject("I went home. And then", text={"whole_sentences": True}),),
        (
            subject("I went home. And then I slept.", text={"whole_sentences": True}),
            subject("I went home with Mr. Smith,", text={"whole_sentences": True}),
            subject("I went home. And then"),
        ),
    ),
    (
        "caption-grid",
        (
            subject("I went home and then I slept, and", cue={"mode": "pop-on"}),
            subject("One|Two|Three|Four|Five", cue={"placement": CAPTION}),
        ),
        (
            subject("I went home and then I slept, Al", cue={"mode": "pop-on"}),
            subject("I went home and then I slept, and"),
            subject("One|Two|Three|Four", cue={"placement": CAPTION}),
        ),
    ),
)

SHOTS: tuple[Case, ...] = (
    (
        "shot-in",
        (subject("Hi.", at=((2, 4),), shots=(1.75, 9)),),
        (subject("Hi.", at=((2, 4),), shots=(2, 9)), subject("Hi.", at=((2, 4),), shots=(1, 9))),
    ),
    (
        "shot-out",
        (
            subject("Hi.", at=((2, 4),), shots=(4.25,)),
            subject("Hi.", at=((2, 4),), shots=(4,)),
            subject("Hi.", at=((2, 4),), shots=(3.75,)),
        ),
        (
            subject("Hi.", at=((2, 3.916666),), shots=(4,)),
            subject("Hi.", at=((2, 4),), shots=(5,)),
            subject("Hi.", at=((2, 4),), shots=(3.75,), words=heard(("Hi.", 2, 4.1))),
            replace(
                subject("Hi.", at=((2, 3.916666),), shots=(4,)),
                profile=replace(PROFILE, shots=ShotRules(gap_frames=0)),
            ),
            subject("Hi.", at=((2, 4),)),
        ),
    ),
    (
        "shot-crossing",
        (subject("Hi.", at=((2, 6),), shots=(4,), words=heard(("Hi.", 2, 2.5))),),
        (
            subject("Hi.", at=((2, 6),), shots=(4,), words=heard(("Hi.", 2, 4.5))),
            subject("Hi.", at=((2, 6),), shots=(4,)),
            subject("Hi.", at=((2, 3.5),), shots=(4,), words=heard(("Hi.", 2, 2.5))),
        ),
    ),
)


A, B = "anna", "ben"
HEARD: tuple[Case, ...] = (
    (
        "speech-without-cue",
        (
            subject("Hi.", at=((1, 3),), voice=((1, 3), (5, 6.2))),
            subject("Hi.", at=((1, 3),), voice=((1, 5),)),
            subject("Hi.", "Ho.", at=((3, 4), (6, 7)), voice=((1.5, 7),)),
        ),
        (
            subject("Hi.", at=((1, 3),), voice=((1, 3.9),)),
            subject("Hi.", "Ho.", at=((1, 3), (3.5, 5)), voice=((1, 5),)),
            subject("Hola.", at=((1, 3),), voice=((1, 9),), language="es", source=("Hi.",)),
            subject("Hi.", at=((1, 3),), voice=((1, 9),), purpose=Purpose.FORCED),
        ),
    ),
    (
        "cue-without-speech",
        (
            subject("Hi.", at=((1, 3),), voice=((5, 6),)),
            subject("Hi.", at=((5, 6),), voice=((1, 2),)),
        ),
        (
            subject("Hi.", at=((1, 3),), voice=((2.9, 6),)),
            subject("Hi.", at=((1, 3),)),
            subject("[door slams]", at=((1, 3),), voice=((5, 6),)),
            subject("♪ La la ♪", at=((1, 3),), voice=((5, 6),)),
            subject(
                "HOTEL", at=((1, 3),), voice=((5, 6),), cue={"placement": Placement(vertical="top")}
            ),
        ),
    ),
    (
        "early",
        (
            subject(
                "Hi.", at=((1, 3),), words=heard(("Hi.", 1.8, 2.2)), anticipation=Fraction(1, 2)
            ),
        ),
        (
            subject(
                "Hi.", at=((1, 3),), words=heard(("Hi.", 1.6, 2.2)), anticipation=Fraction(1, 2)
            ),
            subject("Hi.", at=((1, 3),), words=heard(("Hi.", 2.8, 2.9))),
            subject(
                "Hi.",
                at=((1, 3),),
                words=heard(("Hi.", 1.6, 2.2)),
                shots=(1,),
                anticipation=Fraction(0),
            ),
        ),
    ),
    (
        "late",
        (subject("Hi you.", at=((1, 3),), words=heard(("Hi", 0.7, 1.5), ("you.", 1.5, 2))),),
        (subject("Hi you.", at=((1, 3),), words=heard(("Hi", 0.9, 1.5), ("you.", 1.5, 2))),),
    ),
    (
        "lingering",
        (subject("Hi.", at=((1, 3),), words=heard(("Hi.", 1, 1.5))),),
        (
            subject("Hi.", at=((1, 2.1),), words=heard(("Hi.", 1, 1.5))),
            subject("Hi.", at=((1, 2.5),), words=heard(("Hi.", 1, 1.5)), shots=(2.583333,)),
            subject("Hi.", "Ho.", at=((1, 2.5), (2.5, 4)), words=heard(("Hi.", 1, 1.5))),
            subject("Hi.", at=((1, 1.9),), words=heard(("Hi.", 1, 1.1)), linger=Fraction(0)),
            subject("x" * 60, at=((1, 3),), words=heard(("x", 1, 1.5))),
        ),
    ),
    (
        "cut-off",
        (subject("Hi you.", at=((1, 2),), words=heard(("Hi", 1, 1.5), ("you.", 1.5, 2.3))),),
        (subject("Hi you.", at=((1, 2),), words=heard(("Hi", 1, 1.5), ("you.", 1.5, 2.1))),),
    ),
    (
        "speaker-change",
        (subject("Hi. Yes.", at=((1, 3),), words=heard(("Hi.", 1, 1.5, A), ("Yes.", 2, 2.5, B))),),
        (
            subject(
                "- Hi.|- Yes.", at=((1, 3),), words=heard(("Hi.", 1, 1.5, A), ("Yes.", 2, 2.5, B))
            ),
            subject("Hi. Yes.", at=((1, 3),), words=heard(("Hi.", 1, 1.5, A), ("Yes.", 2, 2.5, A))),
            subject(
                "A b c d",
                at=((1, 3),),
                words=heard(
                    ("A", 1, 1.2, A),
                    ("b", 1.2, 1.4, A),
                    ("c", 1.5, 1.6, B),
                    ("d", 2, 2.2, A),
                    ("e", 2.2, 2.5, A),
                ),
            ),
        ),
    ),
    (
        "needless-dash",
        (
            subject(
                "- Hi.|- Yes.", at=((1, 3),), words=heard(("Hi.", 1, 1.5, A), ("Yes.", 2, 2.5, A))
            ),
        ),
        (
            subject(
                "- Hi.|- Yes.", at=((1, 3),), words=heard(("Hi.", 1, 1.5, A), ("Yes.", 2, 2.5, B))
            ),
            subject("- Hi.|- Yes.", at=((1, 3),), words=heard(("Hi.", 1, 1.5), ("Yes.", 2, 2.5))),
        ),
    ),
    *(
        (
            f"recognition-{reason}",
            (subject("Hi.", windows=(window(reason),)),),
            (
                subject("Hi.", windows=(window(""),)),
                subject("Hi.", windows=(window(reason, 2, 9),)),
                subject("Hola.", language="es", source=("Hi.",), windows=(window(reason),)),
            ),
        )
        for reason, signal in RECOGNITION.items()
        if signal.severity is not None
    ),
)

TEXT: tuple[Case, ...] = (
    ("sound-cut-short", (_with_fault("cut-short"),), (_with_fault("silence"),)),
    ("sound-gap", (_with_fault("gap"),), (_with_fault("silence"),)),
    ("clock-jump", (_with_fault("clock-jump"),), (_with_fault("silence"),)),
    ("sound-damaged", (_with_fault("damaged"),), (_with_fault("silence"),)),
    ("outer-space", (subject(" Hi."), subject("Hi. |you")), (subject("Hi.|you"),)),
    ("double-space", (subject("Hi.  You."),), (subject("Hi. You."),)),
    (
        "mark-space",
        (
            subject("Hi ."),
            subject("What ?"),
            subject("( Hi)"),
            subject("Quoi .", language="fr"),
            subject("Well . . . I don't."),
            subject("It is 50 % off."),
        ),
        (
            subject("Das Spiel endete 3 : 2.", language="de"),
            subject("Im Maßstab 1 : 100 gezeichnet.", language="de"),
            subject("Es sind 50 % davon.", language="de"),
            subject("[ music ]"),
            subject("Hi. What?"),
            subject("Quoi ? Non !", language="fr"),
            subject("« Oui »", language="fr"),
            subject("Er rief »Ja« und „Nein“ aus.", language="de"),
            subject("and … so"),
            subject("- 5 .5 mm"),
            subject("Well ..."),
        ),
    ),
    (
        "missing-space",
        (subject("Well,then"), subject("What?No.")),
        (subject("10,000 a.m. Mr.Smith"), subject("Well, then"), subject("하나,둘", language="ja")),
    ),
    (
        "repeated-mark",
        (subject("No!!"), subject("Well,, no"), subject("So.."), subject("So....")),
        (
            subject("No!"),
            subject("What?!"),
            subject("So..."),
            subject("So…"),
            subject("At 9 a.m., on time."),
            subject("Sammy Jr., come here."),
        ),
    ),
    (
        "ellipsis",
        (subject("So...", text={"ellipsis": "…"}), subject("So…", text={"ellipsis": "..."})),
        (
            subject("So…", text={"ellipsis": "…"}),
            subject("So..."),
            subject("So.", text={"ellipsis": "…"}),
        ),
    ),
    (
        "dash",
        (
            subject("- Hi.|Yes."),
            subject("Hi.|-Yes.", text={"dash": "both"}),
            subject("-Hi.|-Yes.", text={"dash": "both spaced"}),
            subject("- Hi.|- Yes.", text={"dash": "both"}),
            subject("-Hi.|-Yes.", text={"dash": "second"}),
            subject("–Hi.|–Yes.", text={"dash": "both"}),
        ),
        (
            subject("-Hi.|-Yes.", text={"dash": "both"}),
            subject("Hi.|-Yes.", text={"dash": "second"}),
            subject("- Hi.|- Yes.", text={"dash": "both spaced"}),
            subject("Hi.|- Yes."),
            subject("- Hi there."),
            subject("well-|known", text={"dash": "both"}),
        ),
    ),
    (
        "quotes",
        (subject('"Hi."', text={"quotes": "«»"}),),
        (subject("«Hi.»", text={"quotes": "«»"}), subject('"Hi."')),
    ),
    (
        "open-quote",
        (subject('"Hi.', "No."), subject("“Hi.", *["No."] * 12), subject("Hi.”")),
        (
            subject('"Hi."', "No."),
            subject("“Hi.", "No.”"),
            subject("“Hi.", "“and you.", "and all.”"),
            subject("„Ja.“ Nein.", language="de"),
            subject("It's 5'"),
        ),
    ),
    (
        "brackets",
        (subject("[door slams"), subject("door) slams"), subject("(a [b)")),
        (
            subject("[door] (slams)"),
            subject("Oh :)"),
            subject("(Oh)"),
            subject("(see page 8)"),
            subject("Sure. (I) can (do) it."),
            subject("a) one|b) two"),
            subject("「はい」", language="ja"),
        ),
    ),
    (
        "small-number",
        (subject("Ich habe 3 Hunde.", language="de", text={"spell_to": 12}),),
        (
            subject("Ich habe 13 Hunde.", language="de", text={"spell_to": 12}),
            subject("Um 3:15, 3,5 m, 3 000, 3% und $3.", text={"spell_to": 2}),
            subject("Um 10:12, 3.5, 7% und $4. 1-2", text={"spell_to": 12}),
            subject("I have 3."),
        ),
    ),
    (
        "line-end",
        (subject("好，|走吧", language="zh", text={"not_last": "，。"}),),
        (
            subject("好，走吧？", language="zh", text={"not_last": "，。"}),
            subject("好。", language="zh"),
        ),
    ),
    (
        "not-used",
        (subject("Straße", text={"not_used": "ß"}),),
        (subject("Strasse", text={"not_used": "ß"}),),
    ),
    (
        "doubled-word",
        (subject("in the|the garden"), subject("der der Mann", language="de")),
        (
            subject("that that is"),
            subject("No, no, no."),
            subject("the man, the girl"),
            subject("Vous vous levez", language="fr"),
        ),
    ),
    (
        "lone-mark",
        (subject("-|Yes."), subject(".")),
        (subject("- Yes."), subject("..."), subject("?")),
    ),
)

CURLY, STRAIGHT = "“Hi.”", '"Hi."'
ITSELF: tuple[Case, ...] = (
    (
        "repeated-text",
        (subject("I do not know.", "I do not know!"), subject("No.", "No.", "No.")),
        (
            subject("I do not know.", "You do not know."),
            subject("No.", "No."),
            subject("I do not know.", "What?", "I do not know."),
        ),
    ),
    (
        "loop",
        (
            subject("I know I know I know I know"),
            subject("no no no no no no"),
            subject("ありがとうありがとうありがとう", language="ja"),
        ),
        (
            subject("I know, I know, I know."),
            subject("No, no, no, no."),
            subject("ははは", language="ja"),
            subject("ha ha ha ha ha"),
        ),
    ),
    (
        "mixed-quotes",
        (subject(CURLY, CURLY, STRAIGHT),),
        (subject(CURLY, CURLY), subject(STRAIGHT)),
    ),
    (
        "mixed-apostrophes",
        (subject("It's", "It’s", "I'm"),),
        (subject("It's", "I'm"), subject("It’s 'so'")),
    ),
    (
        "mixed-ellipses",
        (subject("So…", "So...", "Well…"),),
        (subject("So…", "Well…"), subject("So…", "So...", text={"ellipsis": "…"})),
    ),
    (
        "mixed-dashes",
        (subject("- Hi.|- Yes.", "-Hi.|-Yes.", "- A.|- B."), subject("–Hi.|–Yes.", "-Hi.|-Yes.")),
        (
            subject("- Hi.|- Yes.", "- A.|- B."),
            subject("-Hi.|-Yes.", "well-known"),
            subject("- Hi.|- Yes.", "-Hi.|-Yes.", text={"dash": "both"}),
        ),
    ),
    ("same-id", (subject("a", "b", cue={}),), (subject("a", "b"),)),
)

SPANISH: dict[str, Any] = {"language": "es"}
TRANSLATION: tuple[Case, ...] = (
    (
        "missing-cue",
        (subject("Hola.", source=("Hi.", "You."), **SPANISH),),
        (
            subject("Hola.", "Tú.", source=("Hi.", "You."), **SPANISH),
            subject("Hola.", source=("Hi.", "You."), purpose=Purpose.FORCED, **SPANISH),
            subject("Hi."),
            subject("Hola.", source=("Hi.", "You."), cue={"sources": ("c1", "c2")}, **SPANISH),
        ),
    ),
    (
        "added-cue",
        (subject("Hola.", "Tú.", source=("Hi.",), **SPANISH),),
        (
            subject("Hola.", "Tú.", source=("Hi.",), cue={"sources": ("c1",)}, **SPANISH),
            subject("Hi."),
        ),
    ),
    (
        "moved-cue",
        (subject("Hola.", source=("Hi.",), at=((1.5, 3),), source_at=((1, 3),), **SPANISH),),
        (subject("Hola.", source=("Hi.",), at=((1, 3.5),), source_at=((1, 3),), **SPANISH),),
    ),
    (
        "untranslated",
        (
            subject("What do you want?", source=("What do you want?",), **SPANISH),
            subject("무엇을 원해?", source=("무엇을 원해?",), source_language="ko", **SPANISH),
        ),
        (
            subject("¿Qué quieres?", source=("What do you want?",), **SPANISH),
            subject("Emma Stone", source=("Emma Stone",), **SPANISH),
            subject("No.", source=("No.",), **SPANISH),
            subject("What do you want?", source=("What do you want?",), language="en-GB"),
            subject("7 30", source=("7 30",), **SPANISH),
            subject("뭐 하는 거야?", source=("뭐 하는 거야?",), language="ko"),
        ),
    ),
    (
        "changed-number",
        (subject("Son 16 hombres.", source=("Twelve men are 15 men.",), **SPANISH),),
        (
            subject("Son 15.000 hombres.", source=("15,000 men.",), **SPANISH),
            subject("Son quince hombres.", source=("15 men.",), **SPANISH),
            subject("Son 15 hombres.", source=("Fifteen men.",), **SPANISH),
            subject("1만 5천 명", source=("15,000 men.",), language="ko"),
        ),
    ),
    (
        "inconsistent",
        (
            subject(
                "Te lo dije.",
                "Ya te avisé.",
                source=("I told you so.", "I told you so!"),
                **SPANISH,
            ),
        ),
        (
            subject(
                "Te lo dije.", "Te lo dije…", source=("I told you so.", "I told you so!"), **SPANISH
            ),
            subject("Sí.", "Vale.", source=("Yes.", "Yes."), **SPANISH),
        ),
    ),
)

SCRIPT: tuple[Case, ...] = (
    (
        "wrong-script",
        (
            subject("Что ты хочешь?"),
            subject("What do you want from me?", language="ko"),
            subject("你好吗", language="ar"),
        ),
        (
            subject("FBI", language="ko"),
            subject("OK, go", language="ko"),
            subject("Hugo 안녕", language="ko"),
            subject("東京", language="ja"),
            subject("漢字かな", language="ja"),
            subject("123 …", language="ko"),
            subject("Что ты?", cue={"language": "ru"}),
            subject("Ne znam šta", language="sr-Latn"),
        ),
    ),
    (
        "mixed-script",
        (subject("Неllo"), subject("pаypal is here")),
        (
            subject("Hello мир"),
            subject("日本語のPC", language="ja"),
            subject("été"),
            subject("α-Strahlen"),
        ),
    ),
)

ENCODING: tuple[Case, ...] = (
    (
        "control-character",
        (subject("a\x07b"), subject("a\tb"), subject("a\u2028b")),
        (subject("a b"),),
    ),
    ("lost-character", (subject("caf\ufffd"), subject("x\ud83d")), (subject("café 😀"),)),
    (
        "mojibake",
        (subject("cafÃ©"), subject("itâ€™s"), subject("TÃ¼r und Tor"), subject("ì•ˆë…•")),
        (
            subject("café"),
            subject("It’s “so” – yes…"),
            subject("Ã la carte"),
            subject("é€"[:1]),
            subject("«Ñandú»"),
        ),
    ),
    (
        "not-nfc",
        (subject("cafe\u0301"), subject("\u1112\u1161\u11ab", language="ko")),
        (subject("café"), subject("한")),
    ),
    (
        "hidden-character",
        (subject("a\u200bb"), subject("\ufeffHi"), subject("so\u00adft")),
        (subject("می\u200cخواهم", language="fa"), subject("👩\u200d👧"), subject("a\u00a0b")),
    ),
    ("private-character", (subject("\ue123"),), (subject("♪"),)),
    (
        "bidi-control",
        (subject("\u202bשלום"), subject("שלום\u202c"), subject("\u2067a\u202c")),
        (subject("\u202bשלום\u202c"), subject("\u2067שלום\u2069"), subject("\u200fשלום")),
    ),
    (
        "tags",
        (subject("<i>Hi."), subject("Hi.</i>"), subject("<i><b>Hi.</i></b>")),
        (subject("<i>Hi.|You.</i>"), subject("a < b > c"), subject("<3"), subject("I <love> you")),
    ),
    (
        "markup",
        (subject("{\\an8}Hi."), subject("Hi.\\NYou."), subject("Tom &amp; Ben")),
        (subject("{Hi}"), subject("Tom & Ben"), subject("AT&T;"), subject("C:\\new")),
    ),
    (
        "italics",
        (subject("<i>안녕</i>", text={"italics": False}),),
        (
            subject("<i>Hi</i>", text={"italics": True}),
            subject("<i>Hi</i>"),
            subject("안녕", text={"italics": False}),
        ),
    ),
    (
        "repertoire",
        (
            subject("So…", text={"repertoire": "ebu-stl"}),
            subject("안녕", text={"repertoire": "ebu-stl"}),
            subject("„Ja“", text={"repertoire": "cea-608"}),
            subject("ű", text={"repertoire": "cea-608"}),
        ),
        (
            subject("Größe, ça va ű ♪ “x”", text={"repertoire": "ebu-stl"}),
            subject("So…"),
            subject("Что?", language="ru", text={"repertoire": "ebu-stl"}),
            subject("Größe ♪ ¿Qué?", text={"repertoire": "cea-608"}),
        ),
    ),
)

SDH: dict[str, Any] = {"purpose": Purpose.SDH}
BRACKETS: dict[str, Any] = {"label": "[]", "label_case": "lower", "music": "♪"}
FOR_SDH: tuple[Case, ...] = (
    (
        "label-form",
        (
            subject("(door slams)", text=BRACKETS, **SDH),
            subject("*Tür knallt*", text=BRACKETS, **SDH),
            subject("[Tür knallt]", text={"label": "**"}, **SDH),
        ),
        (
            subject("[door slams]", text=BRACKETS, **SDH),
            subject("I said (once) no.", text=BRACKETS, **SDH),
            subject("(door slams)", text=BRACKETS),
            subject("(door slams)", **SDH),
        ),
    ),
    (
        "label-case",
        (
            subject("[DOOR SLAMS]", text=BRACKETS, **SDH),
            subject("[door slams]", text={"label_case": "upper"}, **SDH),
        ),
        (
            subject("[Emma laughs]", text=BRACKETS, **SDH),
            subject("[TV on]", text=BRACKETS, **SDH),
            subject("[DOOR]", text={"label_case": "upper"}, **SDH),
            subject("[웃음]", text=BRACKETS, **SDH),
        ),
    ),
    (
        "music",
        (
            subject("♪ La la la"),
            subject("La la la ♪"),
            subject("♪La la la♪"),
            subject("# La la #", text=BRACKETS, **SDH),
        ),
        (
            subject("♪ La la la|la la ♪"),
            subject("♪"),
            subject("♪ [soft music] ♪"),
            subject("# La la #"),
            subject("C# is a note"),
        ),
    ),
    (
        "foreign-label",
        (subject("[speaks foreign language]"), subject("(speaking in a foreign language)")),
        (
            subject("[speaks Spanish]"),
            subject("I know a foreign language."),
            subject("[foreign language]", language="de"),
        ),
    ),
    (
        "forced-cover",
        (subject("Hi.", at=((0, 30),), purpose=Purpose.FORCED, max_cover=Fraction(1, 4)),),
        (
            subject("Hi.", at=((0, 20),), purpose=Purpose.FORCED, max_cover=Fraction(1, 4)),
            subject("Hi.", at=((0, 30),), max_cover=Fraction(1, 4)),
            subject("Hi.", at=((0, 30),), purpose=Purpose.FORCED),
        ),
    ),
)

HUGO = Term(
    source="Hugo",
    target="휴고",
    source_language="en",
    language="ko",
    kind=TermKind.NAME,
    forbidden=("위고",),
)
NUNCHI = Term(
    source="눈치",
    target="",
    source_language="ko",
    language="en",
    kind=TermKind.CULTURAL,
    note="Reading the room.",
)
POLITE = Address(language="ko", speaker="*", addressee="*", level="polite")


def named(source: str, *texts: str, term: Term = HUGO, **facts: Any) -> Subject:
    """A translation of one source cue, and a glossary of one term."""
    held = subject(
        *texts,
        source=(source,),
        source_language=term.source_language,
        language=term.language,
        **facts,
    )
    return replace(held, glossary=(term,))


def spoken(*texts: str, register: tuple[Address, ...] = (), speaker: str | None = "s1") -> Subject:
    """Korean cues of one speaker."""
    return replace(subject(*texts, language="ko", cue={"speaker": speaker}), register=register)


APPROVED = {"review": Review(state=ReviewState.APPROVED)}
NAMES: tuple[Case, ...] = (
    (
        "glossary-missing",
        (named("Hugo!", "위고!"),),
        (named("Hugo!", "휴고는?"), named("No!", "!")),
    ),
    (
        "glossary-forbidden",
        (named("Hugo!", "위고!"),),
        (named("Hugo!", "휴고!"), named("A!", "위고!")),
    ),
    (
        "cultural-term",
        (named("눈치가 없어.", "He can't read the room.", term=NUNCHI),),
        (
            named("눈치가 없어.", "He can't read the room.", term=NUNCHI, cue=APPROVED),
            named("눈이 와.", "It snows.", term=NUNCHI),
        ),
    ),
    (
        "register",
        (spoken("어디 가?", register=(POLITE,)),),
        (spoken("어디 가요?", "갑니다.", "음…", register=(POLITE,)), spoken("어디 가?")),
    ),
    (
        "register-flip",
        (spoken("어디 가요?", "같이 가자."),),
        (spoken("어디 가요?", "갑니다."), spoken("어디 가요?", "같이 가자.", speaker=None)),
    ),
)


def line(
    *texts: str,
    seconds: float = 2,
    gap: float = 1,
    character: str | None = "mara",
    pause: tuple[int, float, float] | None = None,
    loops: tuple[tuple[str, ...], ...] = (),
    territory: str = "",
) -> Subject:
    """English lines adapted from lines as long as their time, one each; a pause in each."""
    pauses = (
        ()
        if pause is None
        else (
            Anchor(
                kind=AnchorKind.PAUSE,
                offset=pause[0],
                time=Fraction(str(pause[1])),
                end=Fraction(str(pause[2])),
            ),
        )
    )
    dub = DubLine(character=character, anchors=pauses)
    step = Fraction(str(seconds)) + Fraction(str(gap))
    made = tuple(
        Cue(
            id=f"d{n}",
            span=Span(n * step, n * step + Fraction(str(seconds))),
            lines=(text,),
            dub=dub,
        )
        for n, text in enumerate(texts)
    )
    known = {cue.id: cue.span for cue in made}
    found = tuple(
        Loop(
            id=f"l{n}",
            name=str(n + 1),
            cues=inside,
            span=known.get(inside[0], made[0].span) if inside else made[0].span,
        )
        for n, inside in enumerate(loops)
    )
    track = Track(
        id="de.dubbing",
        language="de",
        purpose=Purpose.DUBBING,
        source="en.dubbing",
        cues=made,
        loops=found,
        territory=territory,
    )
    media = Media(path="", digest="", duration=Fraction(600), frame_rate=FILM)
    source = replace(track, id="en.dubbing", language="en", source=None)
    return Subject(track=track, profile=PROFILE, media=media, source=source)


LONG = "Das ist ein sehr langer Satz, den in dieser kurzen Zeit kein Mensch sagen kann."
DUBBED: tuple[Any, ...] = (
    (
        "line-duration",
        (line(LONG, seconds=2), line("Ja.", seconds=2)),
        (line("Das ist ein kurzer Satz."), line("(…)"), subject(LONG)),
    ),
    (
        "line-pauses",
        (line("Alles.", pause=(6, 0.5, 1.5)), line("Der Mann kommt.", pause=(4, 0.8, 1.4))),
        (
            line("Alles klar, gehen wir.", pause=(12, 0.8, 1.4)),
            line("Alles.", pause=(6, 0.5, 0.7)),
        ),
    ),
    (
        "no-character",
        (line("Ja.", character=None), line("Ja.", "Nein.", character="unknown")),
        (line("Ja."), subject("Yes.")),
    ),
    (
        "lines-at-once",
        (line("Ja.", "Nein.", gap=-1),),
        (line("Ja.", "Nein."), line("Ja.", "Nein.", gap=-0.1)),
    ),
    (
        "loop-limits",
        (
            line("Ja.", loops=((),)),
            line("Ja.", "Nein.", gap=40, loops=(("d0", "d1"),), territory="ES"),
        ),
        (
            line("Ja.", "Nein.", loops=(("d0", "d1"),), territory="ES"),
            line("Ja.", "Nein.", gap=40, loops=(("d0", "d1"),)),
        ),
    ),
)

CASES = (
    *TIMES,
    *READING,
    *SHAPE,
    *SHOTS,
    *HEARD,
    *TEXT,
    *ITSELF,
    *TRANSLATION,
    *SCRIPT,
    *ENCODING,
    *FOR_SDH,
    *NAMES,
    *DUBBED,
)
BAD = [(name, held) for name, bad, _ in CASES for held in bad]
FINE = [(name, held) for name, _, fine in CASES for held in fine]


def found(rule: str, held: Subject) -> list[str]:
    return [f.message for f in check(held) if f.rule == rule]


def _id(value: object) -> str:
    if isinstance(value, str):
        return value
    assert isinstance(value, Subject)
    return value.track.cues[0].text if value.track.cues else "no cue"


@pytest.mark.parametrize(("rule", "held"), BAD, ids=_id)
def test_what_a_rule_must_find(rule: str, held: Subject) -> None:
    if rule == "same-id":
        twins = tuple(replace(cue, id="c1") for cue in held.track.cues)
        held = replace(held, track=replace(held.track, cues=twins))
    messages = found(rule, held)
    assert messages
    assert all(m.endswith(".") and not m.endswith("..") and m[0].isupper() for m in messages)


@pytest.mark.parametrize(("rule", "held"), FINE, ids=_id)
def test_what_is_nearly_the_same_and_fine(rule: str, held: Subject) -> None:
    assert found(rule, held) == []


def test_every_rule_has_a_breach_a_near_miss_and_an_explanation() -> None:
    assert [name for name, _, _ in CASES] == [rule.name for rule in RULES]
    assert len(RULES) >= 30
    for _, bad, fine in CASES:
        assert bad
        assert fine
    for rule in RULES:
        assert rule.finds.endswith("."), rule.name
        assert rule.fields == tuple(dict.fromkeys(rule.fields))
