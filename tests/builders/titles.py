"""A long title made up from a grammar, and errors put into it: where a queue should point."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.model import (
    Cue,
    FrameRate,
    Media,
    Origin,
    Project,
    Provenance,
    Span,
    Track,
    Transcript,
    Window,
    Word,
)

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = {
    "Emma": ("엠마", "Emma"),
    "Hugo": ("휴고", "Hugo"),
    "Clara": ("클라라", "Clara"),
    "Daniel": ("다니엘", "Daniel"),
    "Victor": ("빅토르", "Víctor"),
}
STRANGERS = ("Martin", "Sophie", "Gregor", "Nadia")
STRANGE_FORMS = {"ko": ("마틴", "소피", "그레고르"), "es": ("Martín", "Sofía", "Gregorio")}
SENTENCES = (
    (
        "I told {n} about the letter yesterday.",
        "어제 {n}에게 편지 얘기를 했어.",
        "Ayer le hablé a {n} de la carta.",
    ),
    (
        "We have to leave before {d} tonight.",
        "오늘 밤 {d}시 전에 떠나야 해.",
        "Tenemos que irnos antes de las {d}.",
    ),
    (
        "Where did you hide the key, {n}?",
        "열쇠를 어디에 숨겼어, {n}?",
        "¿Dónde escondiste la llave, {n}?",
    ),
    (
        "Nobody saw him after the storm.",
        "폭풍 뒤로 그를 본 사람이 없어.",
        "Nadie lo vio después de la tormenta.",
    ),
    ("Please wait here with {n}.", "여기서 {n}와 기다려.", "Espera aquí con {n}, por favor."),
    (
        "Why should I trust you now?",
        "왜 이제 너를 믿어야 해?",
        "¿Por qué debería confiar en ti ahora?",
    ),
    (
        "They found {d} boxes in the cellar.",
        "지하실에서 상자 {d}개를 찾았어.",
        "Encontraron {d} cajas en el sótano.",
    ),
    (
        "The train to the coast is late again.",
        "해안으로 가는 기차가 또 늦어.",
        "El tren a la costa se retrasa otra vez.",
    ),
    (
        "If {n} calls, say nothing.",
        "{n}가 전화하면 아무 말도 하지 마.",
        "Si llama {n}, no digas nada.",
    ),
    ("That was a long time ago.", "그건 아주 오래전 일이야.", "Eso fue hace mucho tiempo."),
    (
        "My brother works at the harbour.",
        "내 형은 항구에서 일해.",
        "Mi hermano trabaja en el puerto.",
    ),
    (
        "Do you remember what {n} promised?",
        "{n}가 뭘 약속했는지 기억해?",
        "¿Recuerdas lo que prometió {n}?",
    ),
    ("Turn off the light and come inside.", "불을 끄고 안으로 들어와.", "Apaga la luz y entra."),
    (
        "It costs more than we can pay.",
        "우리가 낼 수 있는 것보다 비싸.",
        "Cuesta más de lo que podemos pagar.",
    ),
)
RATE = FrameRate(Fraction(25))
KINDS = ("loop", "dropped", "shifted", "name")


def title(seed: int, cues: int = 300) -> Project:
    """A clean title as machines make it: unsure here and there, a little early or late."""
    chance = random.Random(seed)
    asr = Provenance(origin=Origin.ASR, tool="test")
    shown: dict[str, list[Cue]] = {"en": [], "ko": [], "es": []}
    words, voice, windows, now = [], [], [], Fraction(2)
    for number in range(1, cues + 1):
        texts = _sentence(chance)
        start, spoken = now, texts[0].split()
        for text in spoken:
            length = Fraction(chance.randint(18, 45), 100)
            sure = 0.3 if chance.random() < 0.03 else chance.uniform(0.7, 1)
            words.append(Word(text=text, span=Span(now, now + length), confidence=sure))
            now += length + Fraction(chance.randint(0, 4), 100)
        voice.append(Span(max(start - Fraction(1, 10), Fraction(0)), now + Fraction(1, 10)))
        warnings = ("low-score",) if chance.random() < 0.03 else ()
        score = -1.2 if warnings else -chance.uniform(0.1, 0.5)
        windows.append(_window(voice[-1], score, warnings))
        lead, linger = Fraction(chance.randint(-3, 3), 25), Fraction(chance.randint(0, 8), 25)
        span = Span(RATE.snap(start + lead), RATE.snap(now + linger))
        for track, text in zip(shown, texts, strict=True):
            shown[track].append(_cue(number, span, text, track, asr))
        now += Fraction(chance.randint(40, 300), 100)
    transcript = Transcript(
        language="en",
        words=tuple(words),
        windows=tuple(windows),
        voice=tuple(voice),
        provenance=asr,
    )
    tracks = tuple(
        Track(id=name, language=name, source=None if name == "en" else "en", cues=tuple(listed))
        for name, listed in shown.items()
    )
    media = Media(path="", digest="", duration=now + 5, frame_rate=RATE)
    return Project(title="long", media=media, transcript=transcript, tracks=tracks)


def _sentence(chance: random.Random) -> tuple[str, str, str]:
    name, digits = chance.choice(list(NAMES)), str(chance.randint(2, 12))
    en, ko, es = chance.choice(SENTENCES)
    korean, spanish = NAMES[name]
    return (
        en.format(n=name, d=digits),
        ko.format(n=korean, d=digits),
        es.format(n=spanish, d=digits),
    )


def _window(span: Span, score: float, warnings: tuple[str, ...]) -> Window:
    return Window(
        span=span,
        language="en",
        language_confidence=1.0,
        score=score,
        no_speech=0.0,
        compression_ratio=1.2,
        warnings=warnings,
    )


def _cue(number: int, span: Span, text: str, track: str, made: Provenance) -> Cue:
    name = f"c{number:04d}"
    sources = () if track == "en" else (name,)
    return Cue(id=name, span=span, lines=(text,), sources=sources, provenance=made)


def spoil(
    project: Project, track: str, seed: int, share: float = 0.08
) -> tuple[Project, dict[str, str]]:
    """The project with errors in one track, and where they are: cue id -> kind.

    A dropped line stands on the cue before it, where a queue has to put it.
    """
    chance = random.Random(seed)
    cues = list(project.track(track).cues)
    places = chance.sample(range(2, len(cues) - 2), max(4, round(len(cues) * share)))
    wrong: dict[str, str] = {}
    for turn, place in enumerate(sorted(places, reverse=True)):
        kind = KINDS[turn % len(KINDS)]
        spoiled = _SPOIL[kind](cues, place, track, chance)
        if spoiled is not None:
            wrong[spoiled] = kind
    return project.with_track(replace(project.track(track), cues=tuple(cues))), wrong


def _loop(cues: list[Cue], place: int, track: str, chance: random.Random) -> str | None:
    if cues[place].text == cues[place - 1].text:
        return None
    cues[place] = replace(cues[place], lines=cues[place - 1].lines)
    return cues[place].id


def _drop(cues: list[Cue], place: int, track: str, chance: random.Random) -> str | None:
    del cues[place]
    return cues[place - 1].id


def _shift(cues: list[Cue], place: int, track: str, chance: random.Random) -> str | None:
    by = Fraction(chance.choice((-1, 1)) * chance.randint(38, 90), 25)
    span = cues[place].span
    if span.start + by < 0:
        by = -by
    cues[place] = replace(cues[place], span=span.shifted(by))
    return cues[place].id


def _rename(cues: list[Cue], place: int, track: str, chance: random.Random) -> str | None:
    for step in range(len(cues)):
        at = (place + step) % len(cues)
        for forms in NAMES.items():
            name = {"en": forms[0], "ko": forms[1][0], "es": forms[1][1]}[track]
            if name in cues[at].text:
                other = chance.choice(STRANGE_FORMS.get(track, STRANGERS))
                text = cues[at].text.replace(name, other)
                cues[at] = replace(cues[at], lines=tuple(text.split("\n")))
                return cues[at].id
    return None


_SPOIL: dict[str, Callable[[list[Cue], int, str, random.Random], str | None]] = {
    "loop": _loop,
    "dropped": _drop,
    "shifted": _shift,
    "name": _rename,
}
