"""How people write values → codes and integers.

For each kind of value there is one parser of a text, which raises ValueError with a Swedish message, and one
column function, which reads whatever a host or a sheet hands over and returns `Parsed`.
"""

from core.vocabulary.codes import BIL, CAR_MODES, FARDMEDEL, MALTID, ROLL, TYP, ZON, Codes
from core.vocabulary.columns import Column
from core.vocabulary.countries import COUNTRIES, OVRIGA, SVERIGE, Countries, Country
from core.vocabulary.meals import Meals, meal_texts, meals_table, parse_meals
from core.vocabulary.numbers import KILOGRAMS, KILOMETRES, KRONOR, PER_CENT, PIECES, Units, decimals, parse_decimal
from core.vocabulary.parsed import Misread, Parsed, Problem
from core.vocabulary.times import (
    clocks,
    dates,
    durations,
    moments,
    parse_clock,
    parse_date,
    parse_duration,
    parse_moment,
)
from core.vocabulary.words import closest, normalise, parse_truth, truths

__all__ = [
    "BIL",
    "CAR_MODES",
    "COUNTRIES",
    "FARDMEDEL",
    "KILOGRAMS",
    "KILOMETRES",
    "KRONOR",
    "MALTID",
    "OVRIGA",
    "PER_CENT",
    "PIECES",
    "ROLL",
    "SVERIGE",
    "TYP",
    "ZON",
    "Codes",
    "Column",
    "Countries",
    "Country",
    "Meals",
    "Misread",
    "Parsed",
    "Problem",
    "Units",
    "clocks",
    "closest",
    "dates",
    "decimals",
    "durations",
    "meal_texts",
    "meals_table",
    "moments",
    "normalise",
    "parse_clock",
    "parse_date",
    "parse_decimal",
    "parse_duration",
    "parse_meals",
    "parse_moment",
    "parse_truth",
    "truths",
]
