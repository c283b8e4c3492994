"""The Excel add-in's manifest: what it says, what the offline check finds, the id, and what is served."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from uuid import UUID, uuid4
from xml.etree import ElementTree

import httpx
import pytest
from click.testing import CliRunner, Result

from tests.udfs.server.running import Server, running_server
from udfs.commands.manifest import manifest_command
from udfs.officejs import checking, installation
from udfs.officejs.checking import check_manifest, png_size
from udfs.officejs.installation import InstallationError, installation_id
from udfs.officejs.manifest import ICON_SIZES, Addresses, ManifestError, checked_url, manifest, manifest_version

IDENTITY = UUID("3f2b8c1e-5a4d-4e6f-9b7a-0c1d2e3f4a5b")
ADDRESS = "https://fardkost.kommunen.se"

NAMES = {
    "": "http://schemas.microsoft.com/office/appforoffice/1.1",
    "v": "http://schemas.microsoft.com/office/taskpaneappversionoverrides",
    "bt": "http://schemas.microsoft.com/office/officeappbasictypes/1.0",
}
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


def made(public_url: str = ADDRESS, sign_in: tuple[str, ...] = ()) -> str:
    return manifest(IDENTITY, "0.1.0", Addresses(public_url, sign_in=sign_in)).decode()


def parsed(xml: str | bytes) -> ElementTree.Element:
    return ElementTree.fromstring(xml)


def value(root: ElementTree.Element, path: str) -> str:
    element = root.find(path, NAMES)
    assert element is not None, path
    return element.get("DefaultValue") or element.text or ""


# What it says


@pytest.mark.parametrize("public_url", [ADDRESS, f"{ADDRESS}/resor", f"{ADDRESS}/a&b", "http://localhost:8765"])
def test_a_manifest_of_ours_has_no_faults(public_url: str) -> None:
    assert check_manifest(made(public_url)) == []
    assert check_manifest(made(public_url, sign_in=("https://login.microsoftonline.com",))) == []


def test_what_excel_reads_first() -> None:
    root = parsed(made(f"{ADDRESS}/resor"))
    assert root.get(TYPE) == "TaskPaneApp"
    assert value(root, "Id") == "3f2b8c1e-5a4d-4e6f-9b7a-0c1d2e3f4a5b"
    assert value(root, "Version") == "1.0.1.0"
    assert value(root, "DefaultLocale") == "sv-SE"
    assert value(root, "DisplayName") == "Färdkost"
    assert value(root, "Permissions") == "ReadWriteDocument"
    assert value(root, "SupportUrl") == "https://fardkost.kommunen.se/resor/docs"
    assert value(root, "DefaultSettings/SourceLocation") == "https://fardkost.kommunen.se/resor/taskpane"
    assert root.find("AppDomains", NAMES) is None
    sets = {one.get("Name"): one.get("MinVersion") for one in root.iterfind("Requirements/Sets/Set", NAMES)}
    assert sets == {"CustomFunctionsRuntime": "1.1", "SharedRuntime": "1.1"}


def test_the_functions_are_typed_without_a_prefix_and_share_the_runtime_of_the_pane() -> None:
    root = parsed(made())
    host = root.find("v:VersionOverrides/v:Hosts/v:Host", NAMES)
    assert host is not None
    assert host.get(TYPE) == "Workbook"
    functions = host.find("v:AllFormFactors/v:ExtensionPoint", NAMES)
    assert functions is not None
    assert functions.get(TYPE) == "CustomFunctions"
    assert [child.tag.rpartition("}")[2] for child in functions] == ["Script", "Page", "Metadata"]
    runtime = host.find("v:Runtimes/v:Runtime", NAMES)
    page = functions.find("v:Page/v:SourceLocation", NAMES)
    pane = host.find(".//v:Action/v:SourceLocation", NAMES)
    assert runtime is not None and page is not None and pane is not None
    assert runtime.get("lifetime") == "long"
    assert {runtime.get("resid"), page.get("resid"), pane.get("resid")} == {"Pane.Url"}


def test_the_pane_opens_from_the_home_tab_and_by_itself_with_a_workbook_that_asks_for_it() -> None:
    root = parsed(made())
    tab = root.find(".//v:OfficeTab", NAMES)
    assert tab is not None
    assert tab.get("id") == "TabHome"
    assert value(root, ".//v:Action/v:TaskpaneId") == "Office.AutoShowTaskpaneWithDocument"


def test_office_lets_the_sign_in_of_entra_id_open() -> None:
    root = parsed(made(sign_in=("https://login.microsoftonline.com",)))
    assert value(root, "AppDomains/AppDomain") == "https://login.microsoftonline.com"


@pytest.mark.parametrize(
    ("product", "expected"),
    [("0.1.0", "1.0.1.0"), ("0.2", "1.0.2.0"), ("1.0.0", "1.1.0.0"), ("2.10.3rc1", "1.2.10.3"), ("0", "1.0.0.0")],
)
def test_the_version_has_four_numbers_of_which_the_first_is_no_zero(product: str, expected: str) -> None:
    assert manifest_version(product) == expected


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://fardkost.kommunen.se", "är inte krypterad"),
        ("http://10.0.0.4:8765", "är inte krypterad"),
        ("fardkost.kommunen.se", "är ingen adress"),
        ("ftp://fardkost.kommunen.se", "är ingen adress"),
        ("https://", "är ingen adress"),
        ("https://fardkost.kommunen.se:99999", "är ingen adress"),
        ("https://[::1", "är ingen adress"),
        ("https://fardkost.kommunen.se/?a=1", "är ingen adress"),
        ("https://anna:hemligt@fardkost.kommunen.se", "är ingen adress"),
        ("", "är ingen adress"),
    ],
)
def test_an_address_that_excel_could_not_use_is_refused(url: str, why: str) -> None:
    with pytest.raises(ManifestError, match=why):
        checked_url(url)


@pytest.mark.parametrize("url", ["http://localhost:8765", "http://127.0.0.1:8765/", "http://[::1]:8765", f"{ADDRESS}/"])
def test_http_is_for_this_machine_alone_and_the_last_slash_goes(url: str) -> None:
    assert checked_url(url) == url.rstrip("/")


# What the check finds


@pytest.mark.parametrize(
    ("written", "instead", "found"),
    [
        (str(IDENTITY), "fardkost", 'Id "fardkost" är inget GUID'),
        (str(IDENTITY), f"{{{IDENTITY}}}", "är inget GUID"),
        ("<Version>1.0.1.0<", "<Version>0.1.0.0<", 'Version "0.1.0.0" ska vara fyra tal'),
        ("<Version>1.0.1.0<", "<Version>1.0<", 'Version "1.0" ska vara fyra tal'),
        ('resid="Group.Label"', 'resid="Group.Lable"', '"Group.Lable", som inte finns i bt:ShortStrings'),
        ('resid="Group.Label"', 'resid="Pane.Tip"', '"Pane.Tip", som inte finns i bt:ShortStrings'),
        ('resid="Group.Label"', 'resid="Pane.Label"', '"Group.Label" i bt:ShortStrings används inte'),
        ('id="Pane.Title"', 'id="Pane.Label"', 'Det finns 2 resurser som heter "Pane.Label"'),
        ("Metadata.Url", "Metadata.Url.Which.Is.Rather.Too.Long", "ska ha 1–32 tecken"),
        (f"{ADDRESS}/functions.js", "http://fardkost.kommunen.se/functions.js", "ska börja med https://"),
        (f"{ADDRESS}/docs", "/docs", '"/docs" är ingen adress'),
        ("https://login", "http://login", "AppDomain: http://login.microsoftonline.com ska börja med https://"),
        (f"{ADDRESS}/icons/fardkost-32.png", f"{ADDRESS}/icons/fardkost-33.png", "fardkost-33.png finns inte"),
        (
            f"{ADDRESS}/icons/fardkost-64.png",
            f"{ADDRESS}/icons/fardkost-80.png",
            "är 80 × 80 bildpunkter men ska vara 64",
        ),
        (' size="80" resid="Icon.80"', ' size="32" resid="Icon.32"', "En ikon saknar storlek 80"),
        ('DefaultValue="Öppna Färdkost"', f'DefaultValue="{"å" * 126}"', "har 126 tecken men får ha högst 125"),
        ('DefaultValue="Visa funkt', f'DefaultValue="{"å" * 250}', "men får ha högst 250"),
        ('DisplayName DefaultValue="Färdkost"', 'DisplayName DefaultValue=""', "DisplayName är tom"),
        ('lifetime="long"', 'lifetime="short"', 'ska ha lifetime="long"'),
        (
            '<Page>\n              <SourceLocation resid="Pane.Url"',
            '<Page>\n<SourceLocation resid="Docs.Url"',
            "v:Page ska visa",
        ),
        ("<Permissions>ReadWriteDocument</Permissions>", "", "OfficeApp saknar Permissions"),
        (
            "<Permissions>",
            "<AllowSnapshot>true</AllowSnapshot><Permissions>",
            "OfficeApp får inte innehålla AllowSnapshot",
        ),
        ('<Label resid="Group.Label" />', "", "v:Group saknar v:Label"),
        ("<ProviderName>Färdkost</ProviderName>", "<ProviderName>F</ProviderName>" * 2, "har 2 ProviderName"),
        ('xsi:type="TaskPaneApp"', 'xsi:type="MailApp"', "OfficeApp av typen TaskPaneApp"),
        ("</OfficeApp>", "", "inte välformad XML: fel på rad"),
    ],
)
def test_a_broken_manifest_is_found_out(written: str, instead: str, found: str) -> None:
    whole = made(sign_in=("https://login.microsoftonline.com",))
    assert written in whole, "the test breaks nothing"
    problems = check_manifest(whole.replace(written, instead))
    assert any(found in problem for problem in problems), problems


def test_elements_out_of_order_are_found() -> None:
    root = parsed(made())
    name, locale = root.find("ProviderName", NAMES), root.find("DefaultLocale", NAMES)
    assert name is not None and locale is not None
    place = list(root).index(name)
    root[place], root[place + 1] = locale, name
    (problem,) = check_manifest(ElementTree.tostring(root))
    assert problem.startswith("Ordningen i OfficeApp är fel. Den ska vara Id, Version, ProviderName, DefaultLocale,")


def test_texts_of_the_longest_allowed_length_pass() -> None:
    assert check_manifest(made().replace('DefaultValue="Öppna Färdkost"', f'DefaultValue="{"å" * 125}"')) == []


# Icons


@pytest.mark.parametrize("size", ICON_SIZES)
def test_an_icon_has_the_size_of_its_name(size: int) -> None:
    content = (checking.ICONS / f"fardkost-{size}.png").read_bytes()
    # A PNG file begins with its signature and the length and name of its header: width and height follow from byte 16.
    assert content[16:24] == size.to_bytes(4, "big") * 2
    assert png_size(checking.ICONS / f"fardkost-{size}.png") == (size, size)


def test_what_is_no_png_has_no_size(tmp_path: Path) -> None:
    (tmp_path / "tom.png").touch()
    (tmp_path / "bild.png").write_bytes(b"GIF89a" + bytes(40))
    assert [png_size(tmp_path / name) for name in ("tom.png", "bild.png", "saknas.png")] == [None, None, None]


def test_a_missing_icon_file_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(checking.ICONS, tmp_path / "icons")
    (tmp_path / "icons" / "fardkost-16.png").unlink()
    monkeypatch.setattr(checking, "ICONS", tmp_path / "icons")
    assert check_manifest(made()) == ["Ikonen: fardkost-16.png finns inte bland ikonerna eller är ingen PNG-fil."]


# The installation's id


def test_the_id_is_made_once_and_kept_for_the_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "ny" / "installation.yaml"
    first = installation_id(file)
    content = file.read_bytes()
    assert first.version == 4
    assert installation_id(file) == first
    assert file.read_bytes() == content
    if sys.platform != "win32":
        assert file.stat().st_mode & 0o777 == 0o600


def test_two_installations_differ(tmp_path: Path) -> None:
    assert installation_id(tmp_path / "en.yaml") != installation_id(tmp_path / "annan.yaml")


def test_the_id_is_kept_in_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FARDKOST_DATA", str(tmp_path))
    assert str(installation_id()) in (tmp_path / "installation.yaml").read_text("utf-8")


def test_a_process_that_comes_second_takes_the_id_of_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "installation.yaml"

    def another_is_quicker() -> UUID:
        file.write_text(f"id: {IDENTITY}\n", "utf-8")
        return uuid4()

    monkeypatch.setattr(installation, "uuid4", another_is_quicker)
    assert installation_id(file) == IDENTITY


def test_a_file_that_another_process_is_writing_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "installation.yaml"
    file.touch()
    writing = Timer(0.1, file.write_text, (f"id: {IDENTITY}\n", "utf-8"))
    writing.start()
    assert installation_id(file) == IDENTITY
    writing.join()


@pytest.mark.parametrize("content", ["", "id: inget", "- 3", "id:\n", "id: [", "skapad: 2026-01-01\n"])
def test_a_spoiled_file_is_never_replaced(tmp_path: Path, content: str) -> None:
    file = tmp_path / "installation.yaml"
    file.write_text(content, "utf-8")
    with pytest.raises(InstallationError, match=r"installation\.yaml"):
        installation_id(file)
    assert file.read_text("utf-8") == content


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "fil").touch()
    with pytest.raises(InstallationError, match="kan inte användas"):
        installation_id(tmp_path / "fil" / "installation.yaml")


# The command


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FARDKOST_DATA", str(tmp_path / "data"))
    return tmp_path


def command(*arguments: str | Path) -> Result:
    return CliRunner().invoke(manifest_command, [str(argument) for argument in arguments])


def test_the_command_writes_the_same_id_each_time(data: Path) -> None:
    shown = command("--url", ADDRESS)
    saved = command("--url", f"{ADDRESS}/", "--out", data / "fardkost.xml")
    assert (shown.exit_code, saved.exit_code) == (0, 0)
    assert shown.stdout_bytes == (data / "fardkost.xml").read_bytes()
    assert check_manifest(shown.stdout_bytes) == []
    assert value(parsed(shown.stdout_bytes), "Id") == str(installation_id(data / "data" / "installation.yaml"))


def test_the_command_takes_what_the_server_s_file_says(data: Path) -> None:
    (data / "server.yaml").write_text(
        "public_url: https://resor.kommunen.se\n"
        "installation: egen.yaml\n"
        f"tokens: {{tenant: {IDENTITY}, client_id: {IDENTITY}}}\n",
        "utf-8",
    )
    result = command("--config", data / "server.yaml")
    assert result.exit_code == 0, result.output
    root = parsed(result.stdout_bytes)
    assert value(root, "DefaultSettings/SourceLocation") == "https://resor.kommunen.se/taskpane"
    assert value(root, "AppDomains/AppDomain") == "https://login.microsoftonline.com"
    assert value(root, "Id") == str(installation_id(data / "egen.yaml"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Ange serverns adress med --url"),
        (("--url", "http://fardkost.kommunen.se"), "är inte krypterad"),
        (("--url", "kommunen"), "är ingen adress"),
        (("--config", "saknas.yaml"), "saknas.yaml"),
        (("--url", ADDRESS, "--out", "/saknas/fardkost.xml"), "kan inte skrivas"),
    ],
)
def test_the_command_says_what_is_wrong(
    data: Path, capfd: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    result = command(*arguments)
    assert result.exit_code == 2
    assert said in result.output + capfd.readouterr().err
    assert not isinstance(result.exception, Exception)


# The server


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running_server() as started:
        yield started


def get(server: Server, path: str) -> httpx.Response:
    return httpx.get(path if path.startswith("http") else server.url + path, trust_env=False, timeout=60)


def test_the_served_manifest_has_no_faults_and_all_its_addresses_answer(server: Server) -> None:
    answered = get(server, "/manifest.xml")
    assert answered.status_code == 200
    assert answered.headers["content-type"].startswith("application/xml")
    assert check_manifest(answered.content) == []
    addresses = {one.get("DefaultValue", "") for one in parsed(answered.content).iter()}
    ours = sorted(address for address in addresses if address.startswith("http"))
    assert len(ours) == 8, ours  # four icons (32 twice), pane, script, metadata, docs
    assert {address: get(server, address).status_code for address in ours} == dict.fromkeys(ours, 200)


def test_the_addresses_give_what_excel_expects_of_them(server: Server) -> None:
    root = parsed(get(server, "/manifest.xml").content)
    urls = {one.get("id"): one.get("DefaultValue", "") for one in root.iterfind(".//bt:Url", NAMES)}
    described = get(server, urls["Metadata.Url"])
    assert "TRAKTAMENTE" in {function["id"] for function in described.json()["functions"]}
    assert "/static/" in urls["Metadata.Url"], "Excel keeps the file for a day: a new one needs a new address"
    assert "javascript" in get(server, urls["Script.Url"]).headers["content-type"]
    assert "<html" in get(server, urls["Pane.Url"]).text


@pytest.mark.parametrize("size", ICON_SIZES)
def test_icons_are_served_as_office_wants_them(server: Server, size: int) -> None:
    answered = get(server, f"/icons/fardkost-{size}.png")
    assert answered.status_code == 200
    assert answered.headers["content-type"] == "image/png"
    assert answered.content == (checking.ICONS / f"fardkost-{size}.png").read_bytes()
    assert "cache-control" not in answered.headers, "Office shows a blank icon when it is there"


@pytest.mark.parametrize("file", ["fardkost-17.png", "..%2Fmanifest.py", "%2e%2e", "å.png"])
def test_no_other_file_is_served_as_an_icon(server: Server, file: str) -> None:
    answered = get(server, f"/icons/{file}")
    assert answered.status_code == 404
    assert answered.json()["error"]["message"]


def test_the_id_outlives_a_restart() -> None:
    with running_server("--public-url", ADDRESS, "--open") as server:
        before = get(server, "/manifest.xml").content
        server.restart()
        assert get(server, "/manifest.xml").content == before
        assert value(parsed(before), "SupportUrl") == f"{ADDRESS}/docs"


def test_a_server_without_an_address_that_excel_takes_says_so(tmp_path: Path) -> None:
    (tmp_path / "installation.yaml").write_text("id: inget", "utf-8")
    with running_server("--public-url", "http://fardkost.kommunen.se", "--open") as server:
        answered = get(server, "/manifest.xml")
        assert answered.status_code == 409
        assert "--public-url" in answered.json()["error"]["message"]
    with running_server("--installation", str(tmp_path / "installation.yaml")) as server:
        answered = get(server, "/manifest.xml")
        assert answered.status_code == 503
        assert "saknar ett giltigt id" in answered.json()["error"]["message"]
