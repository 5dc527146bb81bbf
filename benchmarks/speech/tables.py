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
    """The table of the project's own page."""
    languages = results["errors"]["languages"]
    shown = [one for one in ("en", "de", "ko") if languages.get(one)]
    threads = results["speed"]["threads"]
    one, most = threads["1"]["systems"], threads[max(threads, key=int)]["systems"]
    head = [
        "",
        *(
            f"errors, {LANGUAGES[o]} ({next(iter(languages[o].values()))['said']}"
            f" {'syllables' if by_character(o) else 'words'})"
            for o in shown
        ),
    ]
    head += ["CPU s / min, one thread", f"× real time, {max(threads, key=int)} cores", "peak MiB"]
    names = [name for name in one if all(name in languages[o] for o in shown)]
    body = [
        [
            name,
            *(
                f"{100 * languages[o][name]['errors'] / languages[o][name]['said']:.1f} %"
                for o in shown
            ),
            f"{one[name]['cpu_seconds_per_minute']['median']:.2f}",
            f"{most[name]['times_real_time']['median']:.1f}" if name in most else "-",
            f"{one[name]['peak_mib']['median']:.0f}",
        ]
        for name in names
    ]
    whole = results.get("whole")
    if whole is None:
        return table(head, body)
    minutes = whole["film"]["seconds"] / 60
    between = f"A film of {minutes:.1f} min under music, whole processes from the file to the SRT:"
    return "\n\n".join([table(head, body), between, _whole(whole)])


def _name(name: str) -> str:
    return f"**{name}**" if name.startswith("subkit") else name


def _interval(found: list[float], *, sign: bool = True) -> str:
    form = "+.1f" if sign else ".1f"
    return f"{found[0]:{form}} [{found[1]:{form}}, {found[2]:{form}}]"


def _spread(found: dict[str, float], digits: int, sign: str = "") -> str:
    return Spread(**found).text(digits, sign=sign)
