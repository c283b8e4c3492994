"""The add-in's manifest: the XML file that tells Excel what the add-in is called and where its files are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID
from xml.etree import ElementTree

from udfs.server.security import is_loopback

APP: Final = "http://schemas.microsoft.com/office/appforoffice/1.1"
OVERRIDES: Final = "http://schemas.microsoft.com/office/taskpaneappversionoverrides"
BASIC: Final = "http://schemas.microsoft.com/office/officeappbasictypes/1.0"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"

ICON_SIZES: Final = (16, 32, 64, 80, 128)
"""Pixels of the icons beside this module: 16, 32 and 80 on the ribbon, 32 and 64 in the lists of add-ins, 128 for the
catalogue of Microsoft 365."""

PANE_ID: Final = "Office.AutoShowTaskpaneWithDocument"
"""The name that lets a workbook open the pane by itself; a name of our own would not."""

TEXTS: Final = {
    "Group.Label": "Färdkost",
    "Pane.Label": "Färdkost",
    "Pane.Title": "Öppna Färdkost",
    "Start.Title": "Färdkost är klart att använda",
}
LONG_TEXTS: Final = {
    "Description": "Räknar tjänsteresor i kommuner: traktamente, resetillägg, färdtidsersättning, bilersättning, "
    "utsläpp och klimatpåslag, med regel och källa bakom varje belopp.",
    "Pane.Tip": "Visa funktionerna med exempel, välj policy och datum, och se varje steg bakom ett belopp.",
    "Start.Text": "Skriv till exempel =TRAKTAMENTE( i en cell, eller öppna Färdkost på fliken Start och sök bland "
    "funktionerna.",
}


class ManifestError(ValueError):
    """No manifest can be made of what was given; the message says why, in Swedish."""


@dataclass(frozen=True)
class Addresses:
    """Where the add-in's files are, as clients reach them. `public_url` may have a path but no slash at its end."""

    public_url: str
    metadata: str = "/functions.json"
    script: str = "/functions.js"
    pane: str = "/taskpane"
    docs: str = "/docs"
    sign_in: tuple[str, ...] = ()

    def url(self, path: str) -> str:
        """The address of a path on the server."""
        return self.public_url + path

    def icon(self, size: int) -> str:
        """The address of the icon of so many pixels."""
        return self.url(f"/icons/fardkost-{size}.png")


def checked_url(public_url: str) -> str:
    """The server's address as clients see it, without a slash at its end. Raises ManifestError.

    Excel loads add-ins over https only; http is let through on this machine, for trying things out.
    """
    try:
        parts = urlsplit(public_url.strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise ManifestError(
            f'"{public_url}" är ingen adress. Skriv till exempel https://fardkost.kommunen.se.'
        ) from None
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment or parts.username:
        raise ManifestError(
            f'"{public_url}" är ingen adress till en server. Skriv till exempel https://fardkost.kommunen.se.'
        )
    if parts.scheme == "http" and not is_loopback(host):
        raise ManifestError(
            f"Adressen {public_url} är inte krypterad, och Excel hämtar bara tillägg över https. "
            "Ange serverns adress utåt, till exempel https://fardkost.kommunen.se."
        )
    return public_url.strip().rstrip("/")


def manifest_version(product: str) -> str:
    """The manifest's version, four numbers: 1 and the product's own three. Microsoft 365 takes no version that begins
    with 0, and a new manifest only if its version is higher than that of the one before."""
    numbers = re.findall(r"\d+", product)[:3]
    return ".".join(["1", *numbers, *["0"] * (3 - len(numbers))])


def manifest(identity: UUID, product: str, addresses: Addresses) -> bytes:
    """The manifest as XML in UTF-8. `identity` is that of the installation, `product` the product's version."""
    # Names are written with their prefixes, and the default namespaces as attributes: the form of Microsoft's own
    # examples, which ElementTree would otherwise replace with prefixes of its own on every element.
    root = ElementTree.Element(
        "OfficeApp", {"xmlns": APP, "xmlns:xsi": XSI, "xmlns:bt": BASIC, "xsi:type": "TaskPaneApp"}
    )
    _add(root, "Id", text=str(identity))
    _add(root, "Version", text=manifest_version(product))
    _add(root, "ProviderName", text="Färdkost")
    _add(root, "DefaultLocale", text="sv-SE")
    _add(root, "DisplayName", DefaultValue="Färdkost")
    _add(root, "Description", DefaultValue=LONG_TEXTS["Description"])
    _add(root, "IconUrl", DefaultValue=addresses.icon(32))
    _add(root, "HighResolutionIconUrl", DefaultValue=addresses.icon(64))
    _add(root, "SupportUrl", DefaultValue=addresses.url(addresses.docs))
    if addresses.sign_in:
        domains = _add(root, "AppDomains")
        for domain in addresses.sign_in:
            _add(domains, "AppDomain", text=domain)
    _add(_add(root, "Hosts"), "Host", Name="Workbook")
    sets = _add(_add(root, "Requirements"), "Sets", DefaultMinVersion="1.1")
    _add(sets, "Set", Name="CustomFunctionsRuntime", MinVersion="1.1")
    _add(sets, "Set", Name="SharedRuntime", MinVersion="1.1")
    _add(_add(root, "DefaultSettings"), "SourceLocation", DefaultValue=addresses.url(addresses.pane))
    _add(root, "Permissions", text="ReadWriteDocument")
    _overrides(root, addresses)
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _overrides(root: ElementTree.Element, addresses: Addresses) -> None:
    """What newer Excel reads: functions, the ribbon, and the texts and addresses that these refer to."""
    overrides = _add(root, "VersionOverrides", {"xmlns": OVERRIDES, "xsi:type": "VersionOverridesV1_0"})
    host = _add(_add(overrides, "Hosts"), "Host", {"xsi:type": "Workbook"})
    # One runtime for functions, pane and ribbon: all three name the same page.
    _add(_add(host, "Runtimes"), "Runtime", resid="Pane.Url", lifetime="long")
    functions = _add(_add(host, "AllFormFactors"), "ExtensionPoint", {"xsi:type": "CustomFunctions"})
    for part, resource in (("Script", "Script.Url"), ("Page", "Pane.Url"), ("Metadata", "Metadata.Url")):
        _add(_add(functions, part), "SourceLocation", resid=resource)
    _ribbon(_add(host, "DesktopFormFactor"))
    _resources(_add(overrides, "Resources"), addresses)


def _ribbon(desktop: ElementTree.Element) -> None:
    """One button on the Home tab that shows the pane, and what Excel says when the add-in has been installed."""
    start = _add(desktop, "GetStarted")
    _add(start, "Title", resid="Start.Title")
    _add(start, "Description", resid="Start.Text")
    _add(start, "LearnMoreUrl", resid="Docs.Url")
    _add(desktop, "FunctionFile", resid="Pane.Url")
    tab = _add(_add(desktop, "ExtensionPoint", {"xsi:type": "PrimaryCommandSurface"}), "OfficeTab", id="TabHome")
    group = _add(tab, "Group", id="Fardkost.Group")
    _add(group, "Label", resid="Group.Label")
    _icon(group)
    button = _add(group, "Control", {"xsi:type": "Button", "id": "Fardkost.Pane"})
    _add(button, "Label", resid="Pane.Label")
    tip = _add(button, "Supertip")
    _add(tip, "Title", resid="Pane.Title")
    _add(tip, "Description", resid="Pane.Tip")
    _icon(button)
    action = _add(button, "Action", {"xsi:type": "ShowTaskpane"})
    _add(action, "TaskpaneId", text=PANE_ID)
    _add(action, "SourceLocation", resid="Pane.Url")


def _icon(parent: ElementTree.Element) -> None:
    icon = _add(parent, "Icon")
    for size in (16, 32, 80):
        _add(icon, "bt:Image", size=str(size), resid=f"Icon.{size}")


def _resources(resources: ElementTree.Element, addresses: Addresses) -> None:
    urls = {
        "Pane.Url": addresses.url(addresses.pane),
        "Script.Url": addresses.url(addresses.script),
        "Metadata.Url": addresses.url(addresses.metadata),
        "Docs.Url": addresses.url(addresses.docs),
    }
    used = {name: text for name, text in LONG_TEXTS.items() if name != "Description"}
    _values(resources, "bt:Images", "bt:Image", {f"Icon.{size}": addresses.icon(size) for size in (16, 32, 80)})
    _values(resources, "bt:Urls", "bt:Url", urls)
    _values(resources, "bt:ShortStrings", "bt:String", TEXTS)
    _values(resources, "bt:LongStrings", "bt:String", used)


def _values(resources: ElementTree.Element, group: str, kind: str, values: Mapping[str, str]) -> None:
    listed = _add(resources, group)
    for name, value in values.items():
        _add(listed, kind, id=name, DefaultValue=value)


def _add(
    parent: ElementTree.Element, name: str, attributes: Mapping[str, str] | None = None, text: str = "", **more: str
) -> ElementTree.Element:
    """A new last child of an element."""
    child = ElementTree.SubElement(parent, name, {**(attributes or {}), **more})
    child.text = text or None
    return child
