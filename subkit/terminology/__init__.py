"""Terminology: what things are called, and how people address each other.

Pure functions over :class:`subkit.model.Term` and :class:`subkit.model.Address`; files are read in
:mod:`subkit.formats`, a translator is held to them in :mod:`subkit.translation`.
"""

from subkit.terminology.faults import Fault, check_terms
from subkit.terminology.glossary import Demand, Glossary, Use, terms_for
from subkit.terminology.korean import (
    Ending,
    attach_particle,
    correct_particle,
    correct_particles,
    ending_of,
    resolve_particles,
)
from subkit.terminology.levels import (
    Fit,
    family_of,
    fit,
    level_named,
    level_title,
    levels_of,
    register_languages,
)
from subkit.terminology.matching import Form, FormIndex, Found, longest

__all__ = [
    "Demand",
    "Ending",
    "Fault",
    "Fit",
    "Form",
    "FormIndex",
    "Found",
    "Glossary",
    "Use",
    "attach_particle",
    "check_terms",
    "correct_particle",
    "correct_particles",
    "ending_of",
    "family_of",
    "fit",
    "level_named",
    "level_title",
    "levels_of",
    "longest",
    "register_languages",
    "resolve_particles",
    "terms_for",
]
