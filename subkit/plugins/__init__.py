"""Parts of other packages: found by entry point or given as an object, and held to their protocol.

``docs/plugins.md`` is for who writes one.
"""

from subkit.plugins.guarded_engines import (
    GuardedAligner,
    GuardedRecognizer,
    GuardedRefiner,
    GuardedSpeakers,
    GuardedTranslator,
    GuardedVoice,
    RetryingTranslator,
)
from subkit.plugins.guarded_parts import plugin_rules, reader_for, writer_for
from subkit.plugins.guarding import PROTOCOLS, call_entry, give_object
from subkit.plugins.plugin_table import (
    BUILTIN,
    KINDS,
    PluginName,
    is_builtin,
    load_plugin,
    plugin_names,
)

__all__ = [
    "BUILTIN",
    "KINDS",
    "PROTOCOLS",
    "GuardedAligner",
    "GuardedRecognizer",
    "GuardedRefiner",
    "GuardedSpeakers",
    "GuardedTranslator",
    "GuardedVoice",
    "PluginName",
    "RetryingTranslator",
    "call_entry",
    "give_object",
    "is_builtin",
    "load_plugin",
    "plugin_names",
    "plugin_rules",
    "reader_for",
    "writer_for",
]
