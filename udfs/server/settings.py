"""Everything that can be set on a calculation server, and how it is handed on to worker processes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Final, get_type_hints

import msgspec
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from core.engine import FigureError
from core.engine.figure_files import read_yaml
from core.law import DEFAULT_POLICY
from core.policies import FOLDER, policy_names
from core.traktamente.importing import user_folder
from core.vocabulary import closest

ENVIRONMENT: Final = "FARDKOST_SERVER"
"""The environment variable that holds a running server's settings as JSON, for its worker processes."""

BY_ENVIRONMENT: Final = ("jobs_folder", "max_upload", "max_jobs", "job_time_limit", "job_lifetime")
"""Settings that an environment variable may state: the name in capitals after FARDKOST_.

Not all of them: where a service is named fardkost, Kubernetes itself sets FARDKOST_PORT to an address.
"""

OFFICE_JS: Final = "https://appsforoffice.microsoft.com/lib/1/hosted/office.js"
MEBIBYTE: Final = 1024 * 1024

Count = Annotated[int, Field(strict=True, ge=1)]


class SettingsError(ValueError):
    """A setting is wrong; the message says in Swedish where and what is allowed."""


@dataclass(frozen=True)
class EntraSettings:
    """Sign-in by Microsoft Entra ID: tenant and client are GUIDs, `jwks` a file or an address of signing keys.

    Left out, the audience is the client itself, and the keys are those that Entra ID publishes for the tenant.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    tenant: str
    client_id: str
    audiences: tuple[str, ...] = ()
    jwks: str | None = None
    required_roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """All settings of a running server. Sizes are in bytes, times in seconds."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    host: str = "127.0.0.1"
    port: Annotated[int, Field(strict=True, ge=0, le=65535)] = 8765
    workers: Count = 1
    public_url: str = ""
    """The address as clients see it, without a slash at the end; left out it is made from host and port."""
    certificate: Path | None = None
    certificate_key: Path | None = None
    api_keys: Path | None = None
    tokens: EntraSettings | None = None
    open_access: Annotated[bool, Field(strict=True)] = False
    office_js: str = OFFICE_JS
    allowed_origins: tuple[str, ...] = ()
    policy: str = ""
    """The policy of calls that name none; left out it is FARDKOST_POLICY, or the product's own choice."""
    policies: tuple[str, ...] = ()
    """Names of the policies that may be asked for; left out they are all that there are."""
    policy_folder: Path | None = None
    max_body: Count = 4 * MEBIBYTE
    max_calls: Count = 50_000
    max_cells: Count = 1_000_000
    time_limit: Annotated[float, Field(gt=0)] = 30.0
    threads: Count = field(default_factory=lambda: min(4, (os.cpu_count() or 1) + 1))
    installation: Path | None = None
    jobs_folder: Path | None = None
    """Where sheets to recalculate and their results are kept; left out it is a folder among the user's data."""
    max_upload: Count = 200_000_000
    max_jobs: Count = 200
    """Sheets that are kept at the same time, those that wait and those that are done."""
    job_time_limit: Annotated[float, Field(gt=0, le=86_400)] = 900.0
    job_lifetime: Annotated[float, Field(gt=0, le=366 * 86_400)] = 86_400.0
    """Seconds after which a sheet and its result are deleted."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "public_url", (self.public_url or self._own_address()).rstrip("/"))
        object.__setattr__(self, "policy", self.policy or os.environ.get("FARDKOST_POLICY") or DEFAULT_POLICY)

    def _own_address(self) -> str:
        shown = "localhost" if self.host in ("0.0.0.0", "::", "") else self.host
        return f"{self.scheme}://{f'[{shown}]' if ':' in shown else shown}:{self.port}"

    @property
    def scheme(self) -> str:
        """How the server itself is reached, `http` or `https`."""
        return "http" if self.certificate is None else "https"

    @property
    def is_loopback(self) -> bool:
        """True when only this machine can reach the server."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def jobs(self) -> Path:
        """The folder of sheets to recalculate."""
        return self.jobs_folder or user_folder() / "jobb"

    @property
    def signs_in(self) -> bool:
        """True when callers must show who they are."""
        return self.api_keys is not None or self.tokens is not None

    @cached_property
    def offered(self) -> Mapping[str, Path]:
        """The file of each policy that may be asked for, by name. Raises SettingsError."""
        there = {name: FOLDER / f"{name}.yaml" for name in policy_names()}
        if self.policy_folder is not None:
            if not self.policy_folder.is_dir():
                raise SettingsError(f"policy_folder: mappen {self.policy_folder} finns inte.")
            there |= {path.stem: path for path in sorted(self.policy_folder.glob("*.yaml"))}
        for name in (*self.policies, self.policy):
            if name not in there:
                near = closest(name, there)
                maybe = f" Menade du {' eller '.join(near)}?" if near else ""
                raise SettingsError(
                    f'policies: policyn "{name}" finns inte.{maybe} Det finns {", ".join(there)}. '
                    "Egna policyfiler läggs i mappen policy_folder."
                )
        names = self.policies or tuple(there)
        return {name: there[name] for name in dict.fromkeys((*names, self.policy))}

    def on_port(self, port: int) -> Settings:
        """The same settings for the port that the server was given; its own address follows."""
        own = self.public_url == self._own_address()
        return replace(self, port=port, public_url="" if own else self.public_url)

    def to_json(self) -> str:
        """For `from_json` in another process."""
        return msgspec.json.encode(self, enc_hook=str).decode()

    @staticmethod
    def from_json(text: str | bytes) -> Settings:
        """What `to_json` wrote."""
        return msgspec.json.decode(text, type=Settings, dec_hook=lambda wanted, value: wanted(value))

    @staticmethod
    def from_environment() -> Settings:
        """The settings that the process that started this one left; without any, the defaults."""
        text = os.environ.get(ENVIRONMENT)
        return Settings() if text is None else Settings.from_json(text)


def read_settings(config: Path | None = None, **stated: Any) -> Settings:
    """Settings of a YAML file, overridden by the environment, and both by those stated (None is not stated).

    Paths in the file are relative to the file. Raises SettingsError.
    """
    content: dict[str, Any] = {}
    place = "Inställningarna"
    if config is not None:
        content, place = _read_file(config), config.name
    told = {name: value for name, value in stated.items() if value is not None}
    found = {name: value for name, value in _of_environment().items() if name not in told}
    try:
        return _ADAPTER.validate_python({**content, **found, **told})
    except ValidationError as error:
        places = {name: f"Miljövariabeln {_variable(name)}" for name in found}
        raise SettingsError(
            "\n".join(_sentence(places.get(str(fault["loc"][0]), place), fault) for fault in error.errors())
        ) from None


def _variable(name: str) -> str:
    return f"FARDKOST_{name.upper()}"


def _of_environment() -> dict[str, Any]:
    """The settings that the environment states; numbers are read, anything else is for the validation to refuse."""
    written = {name: os.environ.get(_variable(name), "").strip() for name in BY_ENVIRONMENT}
    return {
        name: Path(text).expanduser() if name in _PATHS else _number(text) for name, text in written.items() if text
    }


def _number(text: str) -> Any:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


_ADAPTER: Final = TypeAdapter(Settings)
_PATHS: Final = ("certificate", "certificate_key", "api_keys", "policy_folder", "installation", "jobs_folder")


def _read_file(config: Path) -> dict[str, Any]:
    try:
        content = read_yaml(config)
    except FigureError as error:
        raise SettingsError(str(error)) from None
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise SettingsError(f"{config.name}: filen ska ha nycklar som {', '.join(_names(Settings))}.")
    for name in _PATHS:
        if isinstance(content.get(name), str):
            content[name] = config.parent / Path(content[name]).expanduser()
    return content


def _names(kind: type) -> list[str]:
    return [name for name in get_type_hints(kind) if not name.startswith("_")]


_WANTED: Final = {
    "string": "text",
    "int": "ett heltal",
    "float": "ett tal",
    "bool": "true eller false",
    "tuple": "en lista",
    "path": "en sökväg",
    "dataclass": "nycklar med värden",
    "greater": "större",
    "less": "mindre",
}


def _sentence(place: str, fault: Any) -> str:
    """One of pydantic's faults in Swedish."""
    where = " → ".join(str(step) for step in fault["loc"])
    kind, context, value = fault["type"], fault.get("ctx", {}), fault.get("input")
    if kind in ("unexpected_keyword_argument", "extra_forbidden"):
        allowed = _names(EntraSettings if len(fault["loc"]) > 1 else Settings)
        what = f"inställningen finns inte; tillåtna är {', '.join(allowed)}"
    elif kind in ("missing", "missing_argument"):
        what = "saknas"
    elif kind in ("greater_than_equal", "greater_than"):
        limit = f"minst {context['ge']}" if "ge" in context else f"större än {context['gt']:g}"
        what = f"{value!r} är för litet, det ska vara {limit}"
    elif kind == "less_than_equal":
        what = f"{value!r} är för stort, det ska vara högst {context['le']}"
    else:
        what = f"{value!r} ska vara {_WANTED.get(kind.split('_')[0], 'av annat slag')}"
    return f"{place}: {where}: {what}"
