"""Results on real speech as tables: every number comes from the results' files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.harness.numbers import Spread
from benchmarks.harness.tables import table
from benchmarks.speech.normal import by_character
from benchmarks.speech.systems import BASE, TUNED_PEER

__all__ = ["LANGUAGES", "make_parts"]

Result = dict[str, Any]

LANGUAGES = {
    "en": "English",
    "de": "German",
    "ko": "Korean",
    "mixed": "Eight languages in one film",
}
_PICTURES = {
    "errors": "Errors of the systems with their intervals",
    "speed": "Errors against processor time",
}
_MUSIC = ("music 10 dB", "music 0 dB")


def make_parts(results: dict[str, Result]) -> dict[str, str]:
    """The parts of the pages by name, of the results there are."""
    makers: dict[str, tuple[tuple[str, ...], Callable[[], str]]] = {
        "about": (("errors",), lambda: _about(results["errors"])),
        "errors": (("errors",), lambda: _errors(results["errors"]) + _picture("errors")),
        "peers": (("peers",), lambda: _errors(results["peers"])),
        "conditions": (("errors",), lambda: _conditions(results["errors"])),
        "times": (("errors",), lambda: _times(results["errors"])),
        "confidence": (("errors",), lambda: _confidence(results["errors"])),
        "voice": (("errors",), lambda: _voice(results["errors"])),
        "speed": (("errors", "speed"), lambda: _speed(results["speed"]) + _picture("speed")),
        "noise": (("noise",), lambda: _noise(results["noise"])),
        "whole": (("whole",), lambda: _whole(results["whole"])),
        "summary": (("errors", "speed"), lambda: _summary(results)),
    }
    return {
        name: make()
        for name, (needed, make) in makers.items()
        if all(one in results for one in needed)
    }


def _picture(name: str) -> str:
    return f"\n\n![{_PICTURES[name]}](real-{name}.png)"


def _about(result: Result) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    digest = result["model"]["sha256 of model.bin"]
    machine = (
        f"{result['date']}, {result['machine']}, {result['cores']} cores, Python"
        f" {result['python']}, {versions}. Whisper {result['model']['name']}, int8, `model.bin` of"
        f" SHA-256 `{digest}`."
    )
    lines = [machine]
    seconds = sum(film["seconds"] for film in result["films"])
    lines.append(
        f"{len(result['films'])} films of {seconds / 60:.0f} min in all, from recordings that"
        " nothing was fitted on."
    )
    absent = [f"{name} ({why})" for name, why in result.get("absent", {}).items()]
    if absent:
        lines.append(f"Not here: {'; '.join(absent)}.")
    return " ".join(lines)


def _errors(result: Result) -> str:
    parts = []
    for language, rows in result["languages"].items():
        if not rows:
            continue
        unit = "syllables" if by_character(language) else "words"
        first = next(iter(rows.values()))
        seconds = first["seconds"] / 60
        head = ["system", f"errors of {first['said']} {unit}", "sub, del, ins", "sentences lost"]
        head += ["rate, %", f"points against {BASE}", "drawn by recording"]
        body = []
        for name, row in rows.items():
            against = row.get("against", {}).get(BASE)
            body.append(
                [
                    _name(name),
                    row["errors"],
                    f"{row['sub']}, {row['del']}, {row['ins']}",
                    f"{row['lost']} of {row['utterances']}",
                    _interval(row["rate"], sign=False),
                    _interval(against["utterances"]) if against else "-",
                    _interval(against["recordings"]) if against else "-",
                ]
            )
        parts.append(f"**{LANGUAGES[language]}**, {seconds:.0f} min\n\n{table(head, body)}")
    return "\n\n".join(parts)


def _conditions(result: Result) -> str:
    parts = []
    for language, rows in result["languages"].items():
        if not rows:
            continue
        names = list(next(iter(rows.values()))["conditions"])
        body = [
            [
                _name(system),
                *(
                    f"{100 * one['errors'] / max(1, one['said']):.1f} ({one['lost']})"
                    for one in (row["conditions"][name] for name in names)
                ),
            ]
            for system, row in rows.items()
        ]
        parts.append(f"{LANGUAGES[language]}\n\n{table(['system', *names], body)}")
    return "\n\n".join(parts)


def _times(result: Result) -> str:
    rows = result["languages"].get("en", {})
    head = ["system", "words", "starts: mean, bias, 90 % within, share within 100 ms", "ends"]
    body = []
    for name, row in rows.items():
        if "starts" in row:
            both = [_edges(row["starts"]), _edges(row["ends"])]
            body.append([_name(name), row["starts"]["words"], *both])
    return table(head, body)


def _edges(edges: Result) -> str:
    return (
        f"{edges['mean']:.0f}, {edges['bias']:+.0f}, {edges['p90']:.0f} ms,"
        f" {100 * edges['within']:.0f} %"
    )


def _confidence(result: Result) -> str:
    head = ["language", "system", "words", "ECE", "AUC", "under 0.5", "of those wrong"]
    head.append("of all wrong words")
    body = []
    for language, rows in result["languages"].items():
        for name, row in rows.items():
            found = row.get("confidence")
            if found:
                shares = (found["doubted"], found["doubted_wrong"], found["found"])
                numbers = [f"{found['ece']:.3f}", f"{found['auc']:.2f}"]
                cells = [LANGUAGES[language], _name(name), found["words"], *numbers]
                body.append([*cells, *(f"{100 * share:.0f} %" for share in shares)])
    return table(head, body)


def _voice(result: Result) -> str:
    head = ["language", "system", *_MUSIC]
    body = []
    for language, rows in result["languages"].items():
        for name, row in rows.items():
            found = row["voice"]
            if all(condition in found for condition in _MUSIC):
                cells = [f"{found[c]['missed']:.1f} / {found[c]['false']:.1f}" for c in _MUSIC]
                body.append([LANGUAGES[language], _name(name), *cells])
    return table(head, body)


def _speed(result: Result) -> str:
    parts = []
    for threads, found in result["threads"].items():
        head = ["system", "× real time", f"CPU, against {BASE}", "wall, likewise"]
        head += ["CPU, against it in our environment", "CPU s / min", "peak MiB"]
        body = []
        for name, row in found["systems"].items():
            plain = row.get("against", {}).get(BASE)
            tuned = row.get("against", {}).get(TUNED_PEER)
            body.append(
                [
                    _name(name),
                    _spread(row["times_real_time"], 1),
                    _spread(plain["cpu"], 2, "×") if plain else "1×",
                    _spread(plain["wall"], 2, "×") if plain else "1×",
                    _spread(tuned["cpu"], 2, "×") if tuned else "1×",
                    _spread(row["cpu_seconds_per_minute"], 2),
                    f"{row['peak_mib']['median']:.0f}",
                ]
            )
        said = "One thread" if threads == "1" else f"{threads} threads"
        parts.append(f"{said}, {result['rounds']} rounds\n\n{table(head, body)}")
    return "\n\n".join(parts)


def _noise(result: Result) -> str:
    head = ["system", "words", "of them confident", f"clips with one, of {len(result['clips'])}"]
    body = [
        [name, row["words"], row["confident"], row["clips_with_confident"]]
        for name, row in result["systems"].items()
    ]
    return table(head, body)


def _whole(result: Result) -> str:
    head = ["command", "seconds", "times faster", "CPU s", "peak MiB", "errors", "difference"]
    head.append("sentences lost")
    body = []
    for name, row in result["ways"].items():
        against = row.get("against")
        body.append(
            [
                f"`{name}`" if name.startswith("subkit") else name,
                _spread(row["wall"], 1),
                _spread(against["wall"], 2, "×") if against else "1×",
                _spread(row["cpu"], 1),
                f"{row['peak']['median']:.0f}",
                f"{row['errors']} of {row['said']}",
                _interval(against["errors"]) if against else "-",
                row["lost"],
            ]
        )
    return table(head, body)


def _summary(results: dict[str, Result]) -> str:
    """Rows for the table of the project's own page: what, ours, against what, command."""
    languages = results["errors"]["languages"]
    threads = results["speed"]["threads"]
    cores = max(threads, key=int)
    one, most = threads["1"]["systems"], threads[cores]["systems"]

    def row(what: str, part: str, values: dict[str, str]) -> list[str]:
        told = {name: f"{name.removeprefix('subkit ')} {value}" for name, value in values.items()}
        ours = "; ".join(text for name, text in told.items() if name.startswith("subkit"))
        others = "; ".join(text for name, text in told.items() if not name.startswith("subkit"))
        return [what, ours, others, f"`benchmarks/real.py {part}`"]

    rows = []
    for language in [known for known in ("en", "de", "ko") if languages.get(known)]:
        systems = {name: languages[language][name] for name in one if name in languages[language]}
        kind = "syllables" if by_character(language) else "words"
        count = next(iter(systems.values()))["said"]
        rates = {n: f"{100 * s['errors'] / s['said']:.1f} %" for n, s in systems.items()}
        rows.append(row(f"errors, {LANGUAGES[language]}, {count} {kind}", "errors", rates))
    for what, systems, key, form in (
        ("CPU seconds a minute, one thread", one, "cpu_seconds_per_minute", ".2f"),
        (f"× real time, {cores} cores", most, "times_real_time", ".1f"),
        ("peak memory, MiB", one, "peak_mib", ".0f"),
    ):
        shown = {n: f"{systems[n][key]['median']:{form}}" for n in rates if n in systems}
        rows.append(row(what, "speed", shown))
    if "whole" in results:
        rows += _whole_rows(results["whole"], row)
    return "\n".join(table([""] * 4, rows).split("\n")[2:])


def _whole_rows(result: Result, row: Callable[..., list[str]]) -> list[list[str]]:
    minutes = result["film"]["seconds"] / 60
    film = f"a film of {minutes:.1f} min under music, from file to SRT: "
    ways = result["ways"]

    def points(found: Result) -> str:
        against = found.get("against")
        told = f"{found['errors']} of {found['said']}"
        return f"{told} ({_interval(against['errors'])} points)" if against else told

    def times(found: Result) -> str:
        against = found.get("against")
        faster = f" ({_spread(against['wall'], 2, '×')})" if against else ""
        return f"{_spread(found['wall'], 1)}{faster}"

    said: dict[str, Callable[[Result], str]] = {
        "seconds (times faster)": times,
        "CPU seconds": lambda found: _spread(found["cpu"], 1),
        "peak MiB": lambda found: f"{found['peak']['median']:.0f}",
        "word errors": points,
        "sentences lost": lambda found: str(found["lost"]),
    }
    return [
        row(film + what, "whole", {name: say(found) for name, found in ways.items()})
        for what, say in said.items()
    ]


def _name(name: str) -> str:
    return f"**{name}**" if name.startswith("subkit") else name


def _interval(found: list[float], *, sign: bool = True) -> str:
    form = "+.1f" if sign else ".1f"
    return f"{found[0]:{form}} [{found[1]:{form}}, {found[2]:{form}}]"


def _spread(found: dict[str, float], digits: int, sign: str = "") -> str:
    return Spread(**found).text(digits, sign=sign)
