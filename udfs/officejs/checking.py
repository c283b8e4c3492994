"""Whether a manifest will be taken by Excel, checked here and not by Microsoft's service.

The rules are those of the manifest reference of Office Add-ins, as far as this add-in uses them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from xml.etree import ElementTree

from udfs.officejs.manifest import APP, BASIC, OVERRIDES, XSI
from udfs.server.security import is_loopback

Element = ElementTree.Element

ICONS: Final = Path(__file__).with_name("icons")

TYPE: Final = f"{{{XSI}}}type"
PREFIXES: Final = {APP: "", OVERRIDES: "v:", BASIC: "bt:"}

CHILDREN: Final = {
    "OfficeApp": "Id Version ProviderName DefaultLocale DisplayName Description IconUrl HighResolutionIconUrl "
    "SupportUrl AppDomains? Hosts Requirements DefaultSettings Permissions v:VersionOverrides",
    "AppDomains": "AppDomain+",
    "Hosts": "Host+",
    "Requirements": "Sets Methods?",
    "Sets": "Set+",
    "DefaultSettings": "SourceLocation",
    "v:VersionOverrides": "v:Description? v:Requirements? v:Hosts v:Resources v:WebApplicationInfo?",
    "v:Hosts": "v:Host+",
    "v:Host": "v:Runtimes v:AllFormFactors v:DesktopFormFactor",
    "v:Runtimes": "v:Runtime+",
    "v:AllFormFactors": "v:ExtensionPoint",
    "v:ExtensionPoint/CustomFunctions": "v:Script v:Page v:Metadata v:Namespace?",
    "v:ExtensionPoint/PrimaryCommandSurface": "v:OfficeTab+",
    "v:Script": "v:SourceLocation",
    "v:Page": "v:SourceLocation",
    "v:Metadata": "v:SourceLocation",
    "v:DesktopFormFactor": "v:GetStarted? v:FunctionFile? v:ExtensionPoint+",
    "v:GetStarted": "v:Title v:Description v:LearnMoreUrl",
    "v:OfficeTab": "v:Group+",
    "v:Group": "v:Label v:Icon v:Control+",
    "v:Control": "v:Label v:Supertip v:Icon v:Action",
    "v:Supertip": "v:Title v:Description",
    "v:Icon": "bt:Image+",
    "v:Action": "v:TaskpaneId? v:SourceLocation v:Title?",
    "v:Resources": "bt:Images bt:Urls bt:ShortStrings bt:LongStrings",
    "bt:Images": "bt:Image+",
    "bt:Urls": "bt:Url+",
    "bt:ShortStrings": "bt:String+",
    "bt:LongStrings": "bt:String+",
}
"""The children of each element in the order they must have: `?` may be left out, `+` stands once or more, all other
stand once. An element that is not a key has no children."""

REFERS_TO: Final = {
    "v:SourceLocation": "bt:Urls",
    "v:Runtime": "bt:Urls",
    "v:FunctionFile": "bt:Urls",
    "v:LearnMoreUrl": "bt:Urls",
    "bt:Image": "bt:Images",
    "v:Label": "bt:ShortStrings",
    "v:Title": "bt:ShortStrings",
    "v:Namespace": "bt:ShortStrings",
    "v:Description": "bt:LongStrings",
}
"""The group of resources that an element's `resid` is found in."""

LONGEST: Final = {
    "ProviderName": 125,
    "DisplayName": 125,
    "Description": 250,
    "bt:ShortStrings": 125,
    "bt:LongStrings": 250,
}
LONGEST_ID: Final = 32
LONGEST_URL: Final = 2048
RIBBON_SIZES: Final = frozenset({16, 32, 80})

GUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
VERSION: Final = re.compile(r"[1-9]\d{0,4}(\.\d{1,5}){3}")


def check_manifest(xml: bytes | str) -> list[str]:
    """What is wrong with a manifest, in Swedish; nothing when all is well."""
    try:
        root = ElementTree.fromstring(xml)
    except ElementTree.ParseError as problem:
        line, column = problem.position
        return [f"Manifestet är inte välformad XML: fel på rad {line}, tecken {column + 1}."]
    if name_of(root) != "OfficeApp" or root.get(TYPE) != "TaskPaneApp":
        return ["Manifestet ska börja med OfficeApp av typen TaskPaneApp."]
    problems = list(_order(root))
    # The rest presumes that each element is where it belongs.
    return problems or [problem for check in CHECKS for problem in check(root)]


def name_of(element: Element) -> str:
    """The element's name with `v:` for those of VersionOverrides and `bt:` for the basic types."""
    namespace, _, name = element.tag.rpartition("}")
    return PREFIXES.get(namespace.removeprefix("{"), "?:") + name


def _order(element: Element) -> Iterator[str]:
    """Elements that are missing, not known, too many or out of order, from the top down."""
    kind = name_of(element)
    kind += f"/{element.get(TYPE)}" if kind == "v:ExtensionPoint" else ""
    allowed = CHILDREN.get(kind, "").split()
    known = [part.rstrip("?+") for part in allowed]
    found = [name_of(child) for child in element]
    for stranger in dict.fromkeys(name for name in found if name not in known):
        yield f"{kind} får inte innehålla {stranger}."
    for part, wanted in zip(allowed, known, strict=True):
        times = found.count(wanted)
        if times == 0 and not part.endswith("?"):
            yield f"{kind} saknar {wanted}."
        if times > 1 and not part.endswith("+"):
            yield f"{kind} har {times} {wanted} men får ha ett."
    places = [known.index(name) for name in found if name in known]
    if places != sorted(places):
        yield f"Ordningen i {kind} är fel. Den ska vara {', '.join(known)}."
    for child in element:
        yield from _order(child)


def _identity(root: Element) -> Iterator[str]:
    written = _text(root, "Id")
    if not GUID.fullmatch(written):
        yield f'Id "{written}" är inget GUID, till exempel 3f2b8c1e-5a4d-4e6f-9b7a-0c1d2e3f4a5b.'
    written = _text(root, "Version")
    if not VERSION.fullmatch(written):
        yield f'Version "{written}" ska vara fyra tal med högst fem siffror, det första minst 1, till exempel 1.0.0.0.'


def _texts(root: Element) -> Iterator[str]:
    for element in root:
        name = name_of(element)
        if name in LONGEST:
            yield from _length(name, element.get("DefaultValue") or element.text or "", LONGEST[name])
    for group, resource in _resources(root):
        if group in LONGEST:
            yield from _length(f"Texten {resource.get('id')}", resource.get("DefaultValue", ""), LONGEST[group])


def _length(what: str, text: str, longest: int) -> Iterator[str]:
    if not text.strip():
        yield f"{what} är tom."
    if len(text) > longest:
        yield f"{what} har {len(text)} tecken men får ha högst {longest}."


def _references(root: Element) -> Iterator[str]:
    """Every `resid` has its resource, of the right kind, and every resource is used, once by its name."""
    ids = {group: {resource.get("id", "") for of, resource in _resources(root) if of == group} for group in _groups()}
    used = {group: set[str]() for group in _groups()}
    for element in root.iter():
        resid, group = element.get("resid"), REFERS_TO.get(name_of(element))
        if resid is None or group is None:
            continue
        used[group].add(resid)
        if resid not in ids[group]:
            yield f'{name_of(element)} hänvisar till "{resid}", som inte finns i {group}.'
    for group in _groups():
        for unused in sorted(ids[group] - used[group]):
            yield f'"{unused}" i {group} används inte.'
    names = Counter(resource.get("id", "") for _, resource in _resources(root))
    for name, times in names.items():
        if times > 1:
            yield f'Det finns {times} resurser som heter "{name}".'
        if not 0 < len(name) <= LONGEST_ID:
            yield f'Resursnamnet "{name}" ska ha 1–{LONGEST_ID} tecken.'


def _addresses(root: Element) -> Iterator[str]:
    for what, url in _urls(root):
        try:
            parts = urlsplit(url)
            host = parts.hostname or ""
        except ValueError:
            parts, host = urlsplit(""), ""
        if not host or parts.scheme not in ("http", "https"):
            yield f'{what}: "{url}" är ingen adress.'
        elif parts.scheme != "https" and not is_loopback(host):
            yield f"{what}: {url} ska börja med https://."
        if len(url) > LONGEST_URL:
            yield f"{what}: adressen har {len(url)} tecken men får ha högst {LONGEST_URL}."


def _urls(root: Element) -> Iterator[tuple[str, str]]:
    """Every address of the manifest and what it is for."""
    for path in ("IconUrl", "HighResolutionIconUrl", "SupportUrl", "DefaultSettings/SourceLocation"):
        element = root.find(_path(path))
        if element is not None:
            yield path, element.get("DefaultValue", "")
    for domain in root.iterfind(_path("AppDomains/AppDomain")):
        yield "AppDomain", domain.text or ""
    for group, resource in _resources(root):
        if group in ("bt:Images", "bt:Urls"):
            yield str(resource.get("id")), resource.get("DefaultValue", "")


def _icons(root: Element) -> Iterator[str]:
    """Every icon is a file of the size it is said to have, and the ribbon has its three sizes."""
    images = {resource.get("id"): resource.get("DefaultValue", "") for _, resource in _resources(root)}
    wanted = [
        ("IconUrl", 32, _value(root, "IconUrl")),
        ("HighResolutionIconUrl", 64, _value(root, "HighResolutionIconUrl")),
    ]
    for icon in root.iter(f"{{{OVERRIDES}}}Icon"):
        sizes = {image.get("size", ""): images.get(image.get("resid"), "") for image in icon}
        missing = RIBBON_SIZES - {int(size) for size in sizes if size.isdigit()}
        if missing:
            yield f"En ikon saknar storlek {', '.join(str(size) for size in sorted(missing))}."
        wanted += [("Ikonen", int(size), url) for size, url in sizes.items() if size.isdigit()]
    for what, size, url in dict.fromkeys(wanted):
        file = ICONS / urlsplit(url).path.rpartition("/")[2]
        found = png_size(file)
        if found is None:
            yield f"{what}: {file.name} finns inte bland ikonerna eller är ingen PNG-fil."
        elif found != (size, size):
            yield f"{what}: {file.name} är {found[0]} × {found[1]} bildpunkter men ska vara {size} × {size}."


def png_size(file: Path) -> tuple[int, int] | None:
    """Width and height of a PNG file in pixels, from its header; None when it is not there or no PNG."""
    try:
        with file.open("rb") as opened:
            header = opened.read(24)
    except OSError:
        return None
    if header[:8] != b"\x89PNG\r\n\x1a\n" or header[12:16] != b"IHDR":
        return None
    return int.from_bytes(header[16:20], "big"), int.from_bytes(header[20:24], "big")


def _runtime(root: Element) -> Iterator[str]:
    """Functions, pane and ribbon share a runtime only when they name the same page."""
    runtime = root.find(_path("v:VersionOverrides/v:Hosts/v:Host/v:Runtimes/v:Runtime"))
    page = runtime.get("resid") if runtime is not None else None
    if runtime is not None and runtime.get("lifetime") != "long":
        yield 'Runtime ska ha lifetime="long".'
    for parent in ("v:Page", "v:Action"):
        for location in root.iterfind(_path(f".//{parent}/v:SourceLocation")):
            if location.get("resid") != page:
                yield f"{parent} ska visa samma sida som Runtime ({page}), inte {location.get('resid')}."
    urls = {resource.get("id"): resource.get("DefaultValue") for _, resource in _resources(root)}
    if urls.get(page) != _value(root, "DefaultSettings/SourceLocation"):
        yield "DefaultSettings ska ha samma sida som Runtime."


def _resources(root: Element) -> Iterator[tuple[str, Element]]:
    """Each resource with the name of its group."""
    for group in root.iterfind(_path("v:VersionOverrides/v:Resources/*")):
        for resource in group:
            yield name_of(group), resource


def _groups() -> tuple[str, ...]:
    return tuple(CHILDREN["v:Resources"].split())


def _path(path: str) -> str:
    """A path of names as in CHILDREN, as ElementTree searches it."""
    namespaces = {prefix: namespace for namespace, prefix in PREFIXES.items()}

    def full(step: str) -> str:
        prefix, colon, name = step.rpartition(":")
        return step if step in ("", ".", "*") else f"{{{namespaces[prefix + colon]}}}{name}"

    return "/".join(full(step) for step in path.split("/"))


def _text(root: Element, path: str) -> str:
    return (root.findtext(_path(path)) or "").strip()


def _value(root: Element, path: str) -> str:
    element = root.find(_path(path))
    return element.get("DefaultValue", "") if element is not None else ""


CHECKS: Final[tuple[Callable[[Element], Iterator[str]], ...]] = (
    _identity,
    _texts,
    _references,
    _addresses,
    _icons,
    _runtime,
)
