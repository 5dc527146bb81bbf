"""Terminology: what things are called, and how people address each other.

Functions over :class:`subkit.model.Term` and :class:`subkit.model.Address`, and their files:
glossaries as CSV and TBX, registers as TOML and CSV. A translator is held to them in
:mod:`subkit.translation`.
"""

from subkit.terminology.addressing import (
    Flip,
    People,
    expected_address,
    flips,
    idle_entries,
    other_terms,
    scenes,
    spoken_levels,
)
from subkit.terminology.culture import CULTURE_LANGUAGES, cultural_terms
from subkit.terminology.faults import GlossaryFault, check_terms
from subkit.terminology.glossary import Demand, Glossary, Use, terms_for
from subkit.terminology.glossary_files import (
    GLOSSARY_EXTENSIONS,
    GlossaryFile,
    inspect_glossary,
    read_glossary,
    refuse_faults,
    write_glossary,
)
from subkit.terminology.korean import (
    Ending,
    attach_particle,
    correct_particle,
    correct_particles,
    ending_of,
    resolve_particles,
)
from subkit.terminology.learning import Proposal, learn_terms
from subkit.terminology.level_readings import Reading, classify, read_levels
from subkit.terminology.matching import Form, FormIndex, Found, longest
from subkit.terminology.register_files import read_register, write_register
from subkit.terminology.speech_levels import (
    Fit,
    family_of,
    fit,
    level_named,
    level_title,
    levels_of,
    register_languages,
)
from subkit.terminology.term_preferences import glossary_preference, register_preference

__all__ = [
    "CULTURE_LANGUAGES",
    "GLOSSARY_EXTENSIONS",
    "Demand",
    "Ending",
    "Fit",
    "Flip",
    "Form",
    "FormIndex",
    "Found",
    "Glossary",
    "GlossaryFault",
    "GlossaryFile",
    "People",
    "Proposal",
    "Reading",
    "Use",
    "attach_particle",
    "check_terms",
    "classify",
    "correct_particle",
    "correct_particles",
    "cultural_terms",
    "ending_of",
    "expected_address",
    "family_of",
    "fit",
    "flips",
    "glossary_preference",
    "idle_entries",
    "inspect_glossary",
    "learn_terms",
    "level_named",
    "level_title",
    "levels_of",
    "longest",
    "other_terms",
    "read_glossary",
    "read_levels",
    "read_register",
    "refuse_faults",
    "register_languages",
    "register_preference",
    "resolve_particles",
    "scenes",
    "spoken_levels",
    "terms_for",
    "write_glossary",
    "write_register",
]
