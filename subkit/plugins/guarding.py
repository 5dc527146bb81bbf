"""Check that plug-ins implement their protocol, and report their failures in one sentence."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from subkit.errors import EngineError, PluginError, SubkitError
from subkit.interfaces import (
    Aligner,
    Reader,
    Recognizer,
    Refiner,
    Rule,
    SpeakerBackend,
    Translator,
    VoiceDetector,
    Writer,
)
from subkit.plugins.plugin_table import KINDS, PluginName, find_entry, name_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["PROTOCOLS", "call_entry", "calling", "give_object", "refuse_answer", "require_members"]

PROTOCOLS: dict[str, type[Any]] = {
    "recognizers": Recognizer,
    "refiners": Refiner,
    "translators": Translator,
    "voice": VoiceDetector,
    "speakers": SpeakerBackend,
    "aligners": Aligner,
    "rules": Rule,
    "readers": Reader,
    "writers": Writer,
}
"""What a plug-in of each kind has to be."""

_PAGE = "docs/plugins.md says what one has."


def require_members(plugin: object, name: PluginName) -> None:
    """Return if an object has every method and attribute of its protocol.

    Raises:
        PluginError: it is a class, or lacks one; the sentence names it.
    """
    if isinstance(plugin, type):
        raise PluginError(
            f"{plugin.__name__} is a class, not a {KINDS[name.kind]}.",
            remedy=f"Give an object of it: {plugin.__name__}().",
        )
    protocol = PROTOCOLS[name.kind]
    for member in _members(protocol):
        wanted = getattr(protocol, member, None)
        is_method = callable(wanted)
        with calling(name, member):
            found = getattr(plugin, member, None)
        if found is None or (is_method and not callable(found)):
            what = "method" if is_method else "attribute"
            raise PluginError(
                f"The {name} has no {what} {member!r}.",
                remedy=f"{_PAGE}",
                plugin=name.name,
                member=member,
            )


def _members(protocol: type[Any]) -> list[str]:
    """The public names that a protocol declares, in their order."""
    names = dict.fromkeys([*getattr(protocol, "__annotations__", {}), *vars(protocol)])
    return [name for name in names if not name.startswith("_")]


@contextmanager
def calling(name: PluginName, what: str) -> Iterator[None]:
    """Turn whatever a plug-in raises into one sentence that names it; subkit's errors pass.

    Raises:
        EngineError: it raised something.
    """
    try:
        yield
    except SubkitError:
        raise
    except Exception as error:
        said = " ".join(str(error).split())
        raise EngineError(
            f"The {name} failed in {what!r}: {type(error).__name__}{f': {said}' if said else ''}.",
            remedy="The fault is in the plug-in: tell its author, or choose another one.",
            reason=type(error).__name__,
            plugin=name.name,
        ) from error


def refuse_answer(name: PluginName, what: str, wanted: str) -> PluginError:
    """Return the error for an answer that is not what the protocol asks for.

    Args:
        name: The plug-in.
        what: What it gave, to follow "gave".
        wanted: What it should give, likewise.
    """
    return PluginError(
        f"The {name} gave {what}; it should give {wanted}.", remedy=_PAGE, plugin=name.name
    )


def call_entry(kind: str, name: str, *arguments: object) -> tuple[PluginName, Callable[[], Any]]:
    """Return which plug-in a name means, and what makes one, checked when it is called.

    Raises:
        PluginError: there is none, or it does not import.
    """
    known, entry = find_entry(kind, name)

    def make() -> Any:
        with calling(known, "making one"):
            made = entry(*arguments)
        require_members(made, known)
        return made

    return known, make


def give_object(kind: str, plugin: object) -> PluginName:
    """Return the name of an object that was given itself, after a look at what it has.

    Raises:
        PluginError: it lacks something, or is a class.
    """
    name = name_object(kind, plugin)
    require_members(plugin, name)
    return name
