"""functions.json keeps to Microsoft's published schema and describes exactly the registry's functions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from udfs.officejs.metadata import functions_json, problems_of_name
from udfs.registry import FUNCTIONS

# The published schema of custom functions: names and lengths of what may stand in the file.
TOP = {"allowCustomDataForDataTypeAny", "allowErrorForDataTypeAny", "functions", "enums"}
OF_FUNCTION = {"id", "name", "description", "helpUrl", "parameters", "result", "options"}
OF_PARAMETER = {
    "name",
    "description",
    "type",
    "cellValueType",
    "dimensionality",
    "optional",
    "repeating",
    "customEnumId",
}
ADDRESSES = {
    "requiresAddress",
    "requiresParameterAddresses",
    "requiresStreamAddress",
    "requiresStreamParameterAddresses",
}

METADATA: dict[str, Any] = json.loads(functions_json("https://fardkost.example.se"))
LISTED = {function["id"]: function for function in METADATA["functions"]}


def test_every_function_of_the_registry_is_listed_once() -> None:
    assert [function["id"] for function in METADATA["functions"]] == list(FUNCTIONS)


def test_errors_reach_the_functions_and_values_come_plain() -> None:
    assert set(METADATA) <= TOP
    assert METADATA["allowErrorForDataTypeAny"] is True
    assert "allowCustomDataForDataTypeAny" not in METADATA


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_keeps_to_the_schema(name: str) -> None:
    function = LISTED[name]
    assert set(function) <= OF_FUNCTION
    assert function["name"] == name and name.isascii() and problems_of_name(name) is None
    assert 1 <= len(function["description"]) <= 128
    assert function["helpUrl"] == f"https://fardkost.example.se/docs#{name}"
    assert function["result"] == {"type": "any", "dimensionality": "matrix"}
    assert function["options"] == {"cancelable": True} and not ADDRESSES & set(function["options"])
    assert len(function["parameters"]) <= 128


@pytest.mark.parametrize("name", FUNCTIONS)
def test_its_parameters_keep_to_the_schema(name: str) -> None:
    parameters = LISTED[name]["parameters"]
    for parameter in parameters:
        assert set(parameter) <= OF_PARAMETER
        assert 1 <= len(parameter["name"]) <= 64 and 1 <= len(parameter["description"]) <= 128
        assert (parameter["type"], parameter["dimensionality"]) == ("any", "matrix")
    assert len({parameter["name"] for parameter in parameters}) == len(parameters)
    needed = [not parameter.get("optional") and not parameter.get("repeating") for parameter in parameters]
    assert needed == sorted(needed, reverse=True), "those that must be given come first"
    assert not any(parameter.get("repeating") for parameter in parameters[:-1])
    assert sum(needed) == sum(parameter.required for parameter in FUNCTIONS[name].parameters)


def test_the_words_of_a_user_name_the_parameters() -> None:
    shown = {parameter["name"]: parameter for parameter in LISTED["TRAKTAMENTE"]["parameters"]}
    assert list(shown) == ["avresa", "hemkomst", "land", "måltider", "långtid från", "policy"]
    assert [name for name, parameter in shown.items() if parameter.get("optional")] == list(shown)[2:]


def test_choices_are_told_where_there_is_room() -> None:
    zone = LISTED["FARDMEDELSRANG"]["parameters"][1]["description"]
    assert zone == "Resans zon: kommunen, inrikes, Norden, Europa, övriga världen, utrikes"


def test_the_rest_of_forklara_is_repeated() -> None:
    assert LISTED["FORKLARA"]["parameters"][-1]["repeating"] is True


@pytest.mark.parametrize("name", ["FÄRDTID", "1ABC", "AB", "RES-TID", "res", "A" * 65, "ABC12", "R1C1"])
def test_names_that_excel_would_refuse(name: str) -> None:
    assert problems_of_name(name) is not None
