"""The ribbon: its two parts, and that each button finds its callback and its function."""

import ast
import re
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring
from zipfile import ZipFile

import pytest

from chorus_xl.build.conf import NO_PYTHON_NAME
from chorus_xl.build.ribbon import ATTESTED_IMAGES, GROUPS, Button
from chorus_xl.build.vba import modules
from tests.build.recalculated import Opened

ROOT = Path(__file__).parents[2]
BUTTONS = [button for group in GROUPS for button in group.buttons]
MACROS = next(m.source for m in modules(()) if m.name == "ChorusRibbon")
NEW, OLD = (
    "http://schemas.microsoft.com/office/2009/07/customui",
    "http://schemas.microsoft.com/office/2006/01/customui",
)


@pytest.fixture(scope="session")
def texts(fresh: Path) -> dict[str, str]:
    with ZipFile(fresh) as package:
        names = ("customUI/customUI14.xml", "customUI/customUI.xml", "_rels/.rels", "[Content_Types].xml")
        return {name: package.read(name).decode("utf-8") for name in names}


def elements(text: str) -> list[Element]:
    return list(fromstring(text.encode()).iter())  # noqa: S314 - our own part


def test_both_parts_are_equal_but_for_the_namespace(texts: dict[str, str]) -> None:
    assert texts["customUI/customUI14.xml"].count(NEW) == texts["customUI/customUI.xml"].count(OLD) == 1
    assert texts["customUI/customUI14.xml"].replace(NEW, OLD) == texts["customUI/customUI.xml"]


@pytest.mark.parametrize(("part", "year"), [("customUI14.xml", "2007"), ("customUI.xml", "2006")])
def test_each_part_is_reached_by_its_own_relationship(texts: dict[str, str], part: str, year: str) -> None:
    link = f'Type="http://schemas.microsoft.com/office/{year}/relationships/ui/extensibility" Target="customUI/{part}"'

    assert texts["_rels/.rels"].count(link) == 1
    assert f'PartName="/customUI/{part}" ContentType="application/xml"' in texts["[Content_Types].xml"]


def test_the_tab_has_the_groups_and_buttons_of_the_design(texts: dict[str, str]) -> None:
    tab = next(e for e in elements(texts["customUI/customUI14.xml"]) if e.tag == f"{{{NEW}}}tab")

    assert tab.get("label") == "Chorus Pro"
    assert {group.get("label"): [button.get("label") for button in group] for group in tab} == {
        "Préparer": ["Remplir", "Contrôler"],
        "Déposer": ["Déposer le lot"],
        "Suivre": ["Actualiser", "Agir"],
        "Preuve": ["Dossier de preuve"],
        "Aide": ["Vérifier les budgets", "Diagnostic", "Aide"],
    }


def test_identities_are_unique(texts: dict[str, str]) -> None:
    found = [e.get("id") for e in elements(texts["customUI/customUI14.xml"]) if "id" in e.attrib]

    assert len(found) == len(set(found)) == 1 + len(GROUPS) + len(BUTTONS)


def test_key_tips_are_unique_and_none_starts_another() -> None:
    tips = [button.keytip for button in BUTTONS]

    assert all(re.fullmatch("[A-Z]{1,3}", tip) for tip in tips)
    assert [(a, b) for at, a in enumerate(tips) for b in tips[:at] + tips[at + 1 :] if b.startswith(a)] == []


@pytest.mark.parametrize("button", BUTTONS, ids=lambda button: button.function)
def test_a_button_calls_a_public_sub_that_calls_its_function(texts: dict[str, str], button: Button) -> None:
    called = [e.get("onAction") for e in elements(texts["customUI/customUI14.xml"]) if e.get("label") == button.label]
    body = f'(control As IRibbonControl)\r\n    RunChorus "{button.function}"\r\nEnd Sub\r\n'

    assert button.callback in called
    assert f"Public Sub {button.callback}{body}" in MACROS


def test_no_public_procedure_is_without_a_button() -> None:
    assert re.findall(r"^(?:Public )?(?:Sub|Function) (\w+)", MACROS, re.MULTILINE) == [b.callback for b in BUTTONS]


def test_each_function_is_one_of_the_ribbon_without_parameters() -> None:
    tree = ast.parse((ROOT / "chorus_xl" / "ribbon.py").read_text("utf-8"))
    defined = {f.name: ast.unparse(f.args) for f in tree.body if isinstance(f, ast.FunctionDef)}
    public = {name: parameters for name, parameters in defined.items() if not name.startswith("_")}

    assert public == {button.function: "" for button in BUTTONS}


def test_the_command_survives_cmd_exe() -> None:
    calls = re.findall(r"RunPython\((.*)\)\r$", MACROS, re.MULTILINE)
    assert len(calls) == 1
    before, after = re.fullmatch(r'"([^"]*)" & action & "([^"]*)"', calls[0]).groups()  # type: ignore[union-attr]  # fails

    for button in BUTTONS:
        command = f"{before}{button.function}{after}"
        compile(command, "RunPython", "exec")
        assert not set(command) & set('"%&|<>^\n')


def test_icons_are_names_that_others_use() -> None:
    assert {button.image for button in BUTTONS} == set(ATTESTED_IMAGES)
    assert min(ATTESTED_IMAGES.values()) > 1


@pytest.mark.parametrize("button", BUTTONS, ids=lambda button: button.function)
def test_what_a_button_says_is_calm_and_whole(button: Button) -> None:
    assert button.supertip.endswith(".")
    assert not button.screentip.endswith(".")
    assert "!" not in button.label + button.screentip + button.supertip
    assert len(button.supertip) < 1024


def test_the_macros_speak_by_the_name_that_the_workbook_defines(book: Opened) -> None:
    cell = book["xlwings.conf"][book.defined_names[NO_PYTHON_NAME].attr_text.rpartition("!")[2].replace("$", "")]

    assert f'ThisWorkbook.Names("{NO_PYTHON_NAME}").RefersToRange.Value' in MACROS
    assert len(cell.value) < 1024, "a message box holds no more"
    assert cell.value.encode("cp1252")


def test_the_workbook_sets_nothing_of_a_machine(book: Opened) -> None:
    sheet = book["xlwings.conf"]
    settings = {row[0].value: row[1].value for row in sheet.iter_rows(max_row=2)}

    assert settings == {"ADD_WORKBOOK_TO_PYTHONPATH": "false", "USE UDF SERVER": "0"}
    assert sheet.sheet_state == "veryHidden"
