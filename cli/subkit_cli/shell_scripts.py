r"""What can be completed -> a script for bash, zsh or fish.

Each script finds where it is by walking over the words before the cursor: ``models`` is a place,
``models fetch`` another one. There it offers the flags after a hyphen, the values of the flag just
written, else the next words, else files. In bash and zsh the values of a list (``-f srt,vtt``) are
completed one by one.
Nothing is asked of subkit while a person types, for starting it takes longer than one waits.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from subkit_cli.completable import Flag, Place

__all__ = ["SHELLS", "bash_script", "fish_script", "zsh_script"]

_BASH = """\
# bash completion of subkit; made by: subkit completion bash
_subkit() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} place="" word before=""
    local words="" flags="" values="" free=""
    if [[ $cur == "=" ]]; then
        cur=""
    elif [[ $prev == "=" ]]; then
        prev=${COMP_WORDS[COMP_CWORD-2]}
    fi
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case "${place:+$place }$word" in
            @PLACES@) place="${place:+$place }$word" ;;
        esac
    done
    case "$place" in
@CASES@
    esac
    case "$place:$prev" in
@VALUES@
    esac
    COMPREPLY=()
    if [[ -n $values ]]; then
        if [[ $cur == *,* ]]; then
            before=${cur%,*},
        fi
        COMPREPLY=($(compgen -P "$before" -W "$values" -- "${cur##*,}"))
    elif [[ -n $free ]]; then
        return
    elif [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W "$flags" -- "$cur"))
    elif [[ -n $words ]]; then
        COMPREPLY=($(compgen -W "$words" -- "$cur"))
    fi
}
complete -o default -F _subkit subkit
"""

_ZSH = """\
#compdef subkit
# zsh completion of subkit; made by: subkit completion zsh
_subkit() {
    local place="" word prev=${words[CURRENT-1]}
    local -a next flags values
    for word in "${(@)words[2,CURRENT-1]}"; do
        case "${place:+$place }$word" in
            (@PLACES@) place="${place:+$place }$word" ;;
        esac
    done
    case "$place" in
@CASES@
    esac
    if [[ $PREFIX == --*=* ]]; then
        prev=${PREFIX%%=*}
        compset -P 1 '*='
    fi
    case "$place:$prev" in
@VALUES@
    esac
    if (( $#values )); then
        compset -P '*,'
        compadd -a values
    elif [[ $PREFIX == -* ]]; then
        _describe -o 'flag' flags
    elif (( $#next )); then
        _describe 'command' next
    else
        _files
    fi
}
if [[ $funcstack[1] == _subkit ]]; then
    _subkit "$@"
else
    compdef _subkit subkit
fi
"""

_FISH = """\
# fish completion of subkit; made by: subkit completion fish
function __subkit_place
    set -l place
    for word in (commandline -opc)[2..-1]
        switch "$place $word"
            case @PLACES@
                set place "$place $word"
        end
    end
    test "$place" = "$argv[1]"
end
complete -c subkit -e
"""


def bash_script(places: Sequence[Place]) -> str:
    """The script for bash 3.2 and later."""
    cases = [
        f"        {shlex.quote(' '.join(place.words))})"
        f" words={shlex.quote(' '.join(name for name, _ in place.next_words))}"
        f" flags={shlex.quote(' '.join(spellings(place.flags)))} ;;"
        for place in places
    ]
    values = [
        f"        {_pattern(place, flag)}) values={shlex.quote(' '.join(flag.values))} ;;"
        if flag.values
        else f"        {_pattern(place, flag)}) free=yes ;;"
        for place, flag in _with_values(places)
    ]
    return _filled(_BASH, places, cases, values)


def zsh_script(places: Sequence[Place]) -> str:
    """The script for zsh 5 and later: a file ``_subkit`` in ``fpath``, or sourced."""
    cases = []
    for place in places:
        flags = (
            f"{spelling}:{_zsh(flag.help)}" for flag in place.flags for spelling in flag.spellings
        )
        following = (f"{name}:{_zsh(told)}".rstrip(":") for name, told in place.next_words)
        cases.append(
            f"        ({shlex.quote(' '.join(place.words))})\n"
            f"            next=({' '.join(map(shlex.quote, following))})\n"
            f"            flags=({' '.join(map(shlex.quote, flags))}) ;;"
        )
    values = [
        f"        ({_pattern(place, flag)}) values=({' '.join(map(shlex.quote, flag.values))}) ;;"
        if flag.values
        else f"        ({_pattern(place, flag)}) _files; return ;;"
        for place, flag in _with_values(places)
    ]
    return _filled(_ZSH, places, cases, values)


def fish_script(places: Sequence[Place]) -> str:
    """The script for fish 3 and later."""
    known = (shlex.quote(" " + " ".join(place.words)) for place in places if place.words)
    lines = [_FISH.replace("@PLACES@", " ".join(known))]
    for place in places:
        # A place is written with a space before each word, as __subkit_place builds it.
        at = shlex.quote("".join(f" {word}" for word in place.words))
        here = f"complete -c subkit -n {shlex.quote(f'__subkit_place {at}')}"
        lines += [f"{here} -f -a {name} -d {_fish(told)}" for name, told in place.next_words]
        for flag in place.flags:
            names = (
                f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}"
                for name in flag.spellings
            )
            value = " -r" if flag.takes_value else ""
            value = f" -x -a {_fish(' '.join(flag.values))}" if flag.values else value
            lines.append(f"{here} {' '.join(names)}{value} -d {_fish(flag.help)}")
    return "\n".join(lines) + "\n"


SHELLS = {"bash": bash_script, "zsh": zsh_script, "fish": fish_script}
"""Shell -> what makes its script."""


def spellings(flags: Iterable[Flag]) -> list[str]:
    """All spellings of some flags."""
    return [spelling for flag in flags for spelling in flag.spellings]


def _with_values(places: Iterable[Place]) -> Iterator[tuple[Place, Flag]]:
    for place in places:
        for flag in place.flags:
            if flag.takes_value:
                yield place, flag


def _pattern(place: Place, flag: Flag) -> str:
    where = " ".join(place.words)
    return "|".join(shlex.quote(f"{where}:{spelling}") for spelling in flag.spellings)


def _filled(
    script: str, places: Iterable[Place], cases: Iterable[str], values: Iterable[str]
) -> str:
    known = "|".join(shlex.quote(" ".join(place.words)) for place in places if place.words)
    script = script.replace("@PLACES@", known)
    return script.replace("@CASES@", "\n".join(cases)).replace("@VALUES@", "\n".join(values))


def _zsh(text: str) -> str:
    return text.replace("\\", "\\\\").replace(":", "\\:")


def _fish(text: str) -> str:
    r"""A text in single quotes, where fish knows ``\\`` and ``\'`` alone."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
