"""Every template is stored as Excel itself stores such a workbook, and made as a form should be.

The form of the cells is that of files which Excel has saved with an add-in's functions in them.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import openpyxl
import pytest
from lxml import etree

from core.law import law
from udfs.forms import evaluation_functions
from udfs.registry import FUNCTIONS
from xlsx.forms.addin import AddIn, with_addin
from xlsx.forms.contract import check_form
from xlsx.forms.contract.inputs import contrast
from xlsx.forms.contract.shape import Shape, read_shape
from xlsx.forms.filling import serial
from xlsx.forms.formulas import Names, own_calls
from xlsx.forms.setting import FormSetting
from xlsx.forms.style import FONT
from xlsx.forms.templates import FORMS, build
from xlsx.patch.references import Area, cell

MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
OWN: Final = Names(FUNCTIONS)
USES_FUNCTIONS: Final = ("reserakning", "resebudget")
ADDIN: Final = AddIn(UUID("3f2b8c1e-5a4d-4e6f-9b7a-0c1d2e3f4a5b"), "1.0.1.0")
LEAST_CONTRAST: Final = 4.5
"""Contrast between text and ground that WCAG AA asks for."""


@dataclass(frozen=True)
class Template:
    """A built template and its parts."""

    kind: str
    path: Path

    @cached_property
    def parts(self) -> dict[str, bytes]:
        with zipfile.ZipFile(self.path) as package:
            return {name: package.read(name) for name in package.namelist()}

    @cached_property
    def shape(self) -> Shape:
        return read_shape(self.path, inputs=True)

    def xml(self, name: str) -> Any:
        return etree.fromstring(self.parts[name])

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        folder, _, name = part.rpartition("/")
        found = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
        if found not in self.parts:
            return {}
        return {one.get("Id"): (one.get("Type").rpartition("/")[2], one.get("Target")) for one in self.xml(found)}

    @cached_property
    def sheets(self) -> dict[str, tuple[Any, bool]]:
        """By name: the sheet's XML, and whether the user sees it."""
        targets = self.relations("xl/workbook.xml")
        listed = self.xml("xl/workbook.xml").iter(f"{MAIN}sheet")
        return {
            one.get("name"): (self.xml(f"xl/{targets[one.get(ID)][1]}"), one.get("state", "visible") == "visible")
            for one in listed
        }

    def formulas(self) -> Iterator[tuple[str, Any, Any]]:
        """Sheet, cell and formula."""
        for name, (sheet, _) in self.sheets.items():
            for formula in sheet.iter(f"{MAIN}f"):
                yield name, formula.getparent(), formula

    def own_formulas(self) -> list[tuple[str, Any, Any]]:
        return [found for found in self.formulas() if own_calls(found[2].text or "", OWN)]

    @property
    def visible(self) -> list[str]:
        return [name for name, (_, seen) in self.sheets.items() if seen]


def shipped(kind: str) -> Path:
    """The template that lies in the repository."""
    return Path(__file__).parents[3] / "templates" / FORMS[kind].file_name


def rebuilt(kind: str, path: Path) -> Path:
    """A template for the date and the version of the rules that the shipped one carries."""
    carried = read_shape(shipped(kind))
    constants = {name: carried.value(name) for name in ("beraknad", "regelversion")}
    day = carried.value("beraknad").date()
    setting = FormSetting(law("linkoping"), "linkoping", frozenset(FUNCTIONS), day)
    functions = evaluation_functions("linkoping", day)
    return build(kind, path, setting, functions, {**constants, "beraknad": serial(constants["beraknad"])})


@pytest.fixture(scope="session")
def template_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Template]:
    made: dict[str, Template] = {}

    def get(kind: str) -> Template:
        if kind not in made:
            path = tmp_path_factory.mktemp("templates") / FORMS[kind].file_name
            made[kind] = Template(kind, rebuilt(kind, path))
        return made[kind]

    return get


@pytest.fixture(params=list(FORMS))
def template(request: pytest.FixtureRequest, template_of: Callable[[str], Template]) -> Template:
    return template_of(request.param)


def test_the_shipped_template_is_what_is_built_of_its_date_today(template: Template) -> None:
    """The same figures and date give the same bytes. After a change: fardkost templates build."""
    assert template.path.read_bytes() == shipped(template.kind).read_bytes()


def test_a_template_departs_from_itself_in_nothing(template: Template) -> None:
    day = template.shape.value("beraknad").date()
    assert check_form(template.path, FormSetting(law("linkoping"), "linkoping", frozenset(FUNCTIONS), day)) == []


@pytest.mark.parametrize("kind", USES_FUNCTIONS)
def test_a_form_of_another_day_and_policy_is_still_the_same_form(
    template_of: Callable[[str], Template], kind: str
) -> None:
    """A claim that is handed in next year, to a server with another policy, has nothing wrong in it for that."""
    later = FormSetting(law("stockholm"), "stockholm", frozenset(FUNCTIONS), dt.date(2027, 2, 1))
    assert check_form(template_of(kind).path, later) == []


# The functions, as Excel stores them


def test_own_functions_are_dynamic_arrays_with_prefix_and_value(template: Template) -> None:
    found = template.own_formulas()
    assert bool(found) or template.kind not in USES_FUNCTIONS
    for name, holder, formula in found:
        where = f"{name}!{holder.get('r')}"
        assert {call.form for call in own_calls(formula.text, OWN)} == {"stored"}, where
        assert formula.get("t") == "array", where
        assert holder.get("cm") == "1", where
        area = Area.parse(formula.get("ref"))
        assert (area.top, area.left) == cell(holder.get("r")), where
        assert name == "Beräkning", f"{where}: own functions stand on the hidden sheet alone"


def test_no_own_function_is_written_without_its_prefix_anywhere(template: Template) -> None:
    """Such a call stays #NAME? for ever, also where the add-in is."""
    plain = [
        (where, call.written)
        for where, text in [
            *((f"{name}!{holder.get('r')}", formula.text or "") for name, holder, formula in template.formulas()),
            *((one.get("name"), one.text or "") for one in template.xml("xl/workbook.xml").iter(f"{MAIN}definedName")),
        ]
        for call in own_calls(text, OWN)
        if call.form != "stored"
    ]
    assert plain == []


def test_every_formula_has_a_saved_value_of_its_type(template: Template) -> None:
    forms = {"n": r"-?\d+(\.\d+)?([eE][-+]?\d+)?", "b": "[01]", "e": r"#[A-Z0-9/]+[!?]?", "str": r"(?s).*"}
    for name, holder, _ in template.formulas():
        value = holder.find(f"{MAIN}v")
        where = f"{name}!{holder.get('r')}"
        assert value is not None, where
        assert re.fullmatch(forms[holder.get("t", "n")], value.text or ""), f"{where}: {value.text}"


def test_an_area_that_a_function_fills_has_its_cells(template: Template) -> None:
    for name, holder, formula in template.own_formulas():
        area = Area.parse(formula.get("ref"))
        sheet, _ = template.sheets[name]
        there = {one.get("r") for one in sheet.iter(f"{MAIN}c")}
        corner = str(Area(area.bottom, area.right, area.bottom, area.right))
        assert corner in there, f"{name}!{holder.get('r')} fills {area}"


def test_the_metadata_says_that_the_cells_are_dynamic_arrays(template: Template) -> None:
    used = {one.get("cm") for _, one, _ in template.formulas() if one.get("cm")}
    relations = dict(template.relations("xl/workbook.xml").values())
    if not used:
        assert "sheetMetadata" not in relations
        return
    assert relations["sheetMetadata"] == "metadata.xml"
    types = {one.get("PartName"): one.get("ContentType") for one in template.xml("[Content_Types].xml")}
    assert types["/xl/metadata.xml"].endswith("spreadsheetml.sheetMetadata+xml")
    root = template.xml("xl/metadata.xml")
    kinds = root.find(f"{MAIN}metadataTypes")
    assert [one.get("name") for one in kinds] == ["XLDAPR"]
    assert kinds[0].get("cellMeta") == "1"
    cells, future = root.find(f"{MAIN}cellMetadata"), root.find(f"{MAIN}futureMetadata")
    assert int(cells.get("count")) == len(cells) == len(future) == int(future.get("count")) == 1
    assert used == {"1"}
    assert (cells[0][0].get("t"), cells[0][0].get("v")) == ("1", "0")
    properties = next(one for one in future.iter() if one.tag.endswith("dynamicArrayProperties"))
    assert (properties.get("fDynamic"), properties.get("fCollapsed")) == ("1", "0")


def test_excel_does_not_recalculate_it_when_it_is_opened(template: Template) -> None:
    """Without the add-in every result would be #NAME? then."""
    calculation = template.xml("xl/workbook.xml").find(f"{MAIN}calcPr")
    assert calculation.get("calcId") == "191029"
    assert calculation.get("fullCalcOnLoad") is None


def test_functions_that_only_newer_excel_has_are_not_used(template: Template) -> None:
    newer = re.compile(r"(?<![\w.])(LET|LAMBDA|XLOOKUP|FILTER|UNIQUE|SORT|SEQUENCE|VSTACK|TAKE|TEXT|INDIRECT)\(")
    used = {(found[1], name) for name, _, one in template.formulas() if (found := newer.search(one.text or ""))}
    assert used == set()


# Other programs


def test_openpyxl_opens_it_without_a_warning(template: Template) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        book = openpyxl.load_workbook(template.path)
        book.close()
    assert book.sheetnames == list(template.sheets)


def test_libreoffice_shows_no_error_and_the_saved_values(
    template: Template, office: Callable[[Path], dict[str, list[list[str]]]]
) -> None:
    shown = office(template.path)
    assert set(template.visible) <= set(shown)
    errors = [
        (name, text) for name in template.visible for row in shown[name] for text in row if re.match(r"#|Err:", text)
    ]
    assert errors == []


# Names, locks, tables


def test_every_defined_name_stands_for_cells_that_are_there(template: Template) -> None:
    lost = [name for name, at in template.shape.names.items() if at is None or at[0] not in template.sheets]
    assert lost == []
    assert {"formular", "mallversion", "policy", "beraknad", "regelversion"} <= set(template.shape.names)
    assert template.shape.value("formular") == template.kind
    assert isinstance(template.shape.value("mallversion"), int)


def test_inputs_are_unlocked_and_formulas_locked(template: Template) -> None:
    shape = template.shape
    for name in template.visible:
        sheet, own = shape.sheets[name], template.sheets[name][0]
        formulas = {place for place, one in sheet.cells.items() if one.formula is not None}
        validated = {
            (row, column)
            for rule in own.iter(f"{MAIN}dataValidation")
            for text in rule.get("sqref").split()
            for area in [Area.parse(text)]
            for row in range(area.top, area.bottom + 1)
            for column in range(area.left, area.right + 1)
        }
        assert [place for place in validated if sheet.cells[place].locked] == [], f"{name}: inputs that are locked"
        assert [place for place in formulas if not sheet.cells[place].locked] == [], f"{name}: formulas not locked"
        unlocked = {place for place, one in sheet.cells.items() if not one.locked}
        covered = {
            (row, column)
            for area in sheet.merged
            for row in range(area.top, area.bottom + 1)
            for column in range(area.left, area.right + 1)
        }
        assert unlocked - validated - covered == set(), f"{name}: unlocked cells that nothing checks"
        if formulas:
            protection = own.find(f"{MAIN}sheetProtection")
            assert protection is not None and protection.get("sheet") == "1", (
                f"{name} has formulas and is not protected"
            )
            assert protection.get("password") is None


def test_inputs_say_in_swedish_what_they_take(template: Template) -> None:
    for name, (sheet, _) in template.sheets.items():
        for rule in sheet.iter(f"{MAIN}dataValidation"):
            assert rule.get("showErrorMessage") == "1", name
            assert rule.get("errorTitle") and rule.get("error", "").endswith("."), (name, rule.get("sqref"))


def test_tables_have_no_merged_cells(template: Template) -> None:
    for name, (sheet, _) in template.sheets.items():
        merged = [Area.parse(one.get("ref")) for one in sheet.iter(f"{MAIN}mergeCell")]
        for table in _tables(template, name):
            assert [str(area) for area in merged if area.meets(table)] == [], name


def _tables(template: Template, name: str) -> list[Area]:
    targets = template.relations("xl/workbook.xml")
    listed = {one.get("name"): targets[one.get(ID)][1] for one in template.xml("xl/workbook.xml").iter(f"{MAIN}sheet")}
    related = template.relations(f"xl/{listed[name]}").values()
    return [
        Area.parse(template.xml(f"xl/tables/{target.rpartition('/')[2]}").get("ref"))
        for kind, target in related
        if kind == "table"
    ]


# Looks and paper


def test_all_text_can_be_read(template: Template) -> None:
    """Every look that is used: WCAG AA's contrast between text and ground."""
    looks = {(one.ink, one.ground) for name in template.visible for one in template.shape.sheets[name].cells.values()}
    assert all(ink and ground for ink, ground in looks), "colours are stated, not left to the theme"
    assert {look: round(contrast(*look), 2) for look in looks if contrast(*look) < LEAST_CONTRAST} == {}


def test_contrast_is_counted_as_wcag_does() -> None:
    # Black on white is 21; #767676 on white is the palest grey that passes, 4.54 (WCAG's own example).
    assert contrast("000000", "FFFFFF") == pytest.approx(21)
    assert contrast("FFFFFF", "767676") == pytest.approx(4.54, abs=0.005)


def test_one_font_is_used(template: Template) -> None:
    fonts = template.xml("xl/styles.xml").find(f"{MAIN}fonts")
    assert {one.find(f"{MAIN}name").get("val") for one in fonts} == {FONT}


def test_it_prints_on_a4_with_page_numbers(template: Template) -> None:
    for name in template.visible:
        sheet = template.sheets[name][0]
        setup = sheet.find(f"{MAIN}pageSetup")
        assert setup.get("paperSize") == "9", name
        fits = sheet.find(f"{MAIN}sheetPr/{MAIN}pageSetUpPr")
        if fits is None or fits.get("fitToPage") != "1":
            assert _printed_width(sheet) * int(setup.get("scale", "100")) / 100 <= _PAPER[setup.get("orientation")], (
                name
            )
        assert setup.get("fitToHeight", "1") in ("0", "1"), name
        footer = sheet.find(f"{MAIN}headerFooter/{MAIN}oddFooter").text
        assert "&P" in footer and "&N" in footer, name
        if setup.get("fitToWidth", "1") != "1":
            # A list wider than a page repeats the column that tells its rows apart.
            assert "!$A:" in _print_titles(template)[name], name


_PAPER: Final = {"portrait": (8.27 - 1) * 96, "landscape": (11.69 - 1) * 96}
"""Pixels between the margins of A4."""


def _printed_width(sheet: Any) -> float:
    """Pixels: six for each digit of Arial 9 that a column is wide."""
    last = max(cell(one.get("r"))[1] for one in sheet.iter(f"{MAIN}c")) + 1
    widths = {
        number: float(one.get("width"))
        for one in sheet.iter(f"{MAIN}col")
        for number in range(int(one.get("min")), min(int(one.get("max")), last) + 1)
    }
    return sum(6 * widths.get(number, 9) for number in range(1, last + 1))


def _print_titles(template: Template) -> dict[str, str]:
    names = list(template.sheets)
    return {
        names[int(one.get("localSheetId"))]: one.text
        for one in template.xml("xl/workbook.xml").iter(f"{MAIN}definedName")
        if one.get("name") == "_xlnm.Print_Titles"
    }


def test_long_tables_keep_their_headings_in_sight_and_on_every_page(template: Template) -> None:
    for name in template.visible:
        long = [table for table in _tables(template, name) if table.bottom - table.top > 20]
        if not long:
            continue
        pane = template.sheets[name][0].find(f"{MAIN}sheetViews/{MAIN}sheetView/{MAIN}pane")
        assert pane is not None and pane.get("state") == "frozen", f"{name}: no frozen headings"
        assert name in _print_titles(template), f"{name}: headings are not repeated"


def test_the_first_sheet_is_the_one_that_opens(template: Template) -> None:
    assert template.visible[0] == next(iter(template.sheets))
    selected = [
        name
        for name, (sheet, _) in template.sheets.items()
        for view in sheet.iter(f"{MAIN}sheetView")
        if view.get("tabSelected")
    ]
    assert selected == [template.visible[0]]


# The add-in


def test_the_add_in_is_asked_for_by_its_id(template_of: Callable[[str], Template], tmp_path: Path) -> None:
    plain = template_of("reserakning")
    asking = Template("reserakning", with_addin(plain.path, tmp_path / "asking.xlsx", ADDIN))
    kind, target = asking.relations("")["rIdFardkostAddIn"]
    assert (kind, target) == ("webextensiontaskpanes", "xl/webextensions/taskpanes.xml")
    pane = asking.xml(target)[0]
    assert pane.get("visibility") == "1"
    assert asking.relations(target)[pane[0].get(ID)] == ("webextension", "webextension1.xml")
    extension = asking.xml("xl/webextensions/webextension1.xml")
    reference, _, properties = extension[0], extension[1], extension[2]
    assert dict(reference.attrib) == {
        "id": "3f2b8c1e-5a4d-4e6f-9b7a-0c1d2e3f4a5b",
        "version": "1.0.1.0",
        "store": "EXCatalog",
        "storeType": "EXCatalog",
    }
    assert [dict(one.attrib) for one in properties] == [
        {"name": "Office.AutoShowTaskpaneWithDocument", "value": "true"}
    ]
    types = {one.get("PartName"): one.get("ContentType") for one in asking.xml("[Content_Types].xml")}
    assert types["/xl/webextensions/taskpanes.xml"] == "application/vnd.ms-office.webextensiontaskpanes+xml"
    assert types["/xl/webextensions/webextension1.xml"] == "application/vnd.ms-office.webextension+xml"
    same = set(plain.parts) - {"[Content_Types].xml", "_rels/.rels"}
    assert {name: asking.parts[name] == plain.parts[name] for name in same} == dict.fromkeys(same, True)


def test_asking_twice_changes_nothing(template_of: Callable[[str], Template], tmp_path: Path) -> None:
    once = with_addin(template_of("import").path, tmp_path / "once.xlsx", ADDIN)
    twice = with_addin(once, tmp_path / "twice.xlsx", AddIn(UUID(int=1)))
    assert twice.read_bytes() == once.read_bytes()


def test_no_template_asks_for_an_add_in_that_nobody_has(template: Template) -> None:
    assert [name for name in template.parts if "webextension" in name] == []
