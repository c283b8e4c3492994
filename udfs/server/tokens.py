"""Bearer tokens of Microsoft Entra ID: whose they are, and why one is not accepted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import jwt

from udfs.server.settings import EntraSettings
from udfs.server.signing_keys import SigningKeys, signing_keys

ALGORITHM: Final = "RS256"
"""The one that Entra ID signs with. Never read from the token: it could say `none`, or HS256 with the public key."""

LEEWAY: Final = 60
"""Seconds that the clocks of Entra ID and this server may differ."""

LONGEST: Final = 16_384
"""Characters of a token; Entra's own are a few thousand."""

SCOPE: Final = "access_as_user"
"""The permission that the app registration exposes and the task pane asks for."""

REQUIRED: Final = ("iss", "aud", "exp", "nbf", "tid")
ENTRA: Final = "https://login.microsoftonline.com"
EXPECTED_ID: Final = "Väntade ett GUID som 11111111-2222-3333-4444-555555555555."
GUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Refused(Exception):
    """A token or key that is not accepted: status of the answer, a short code, and the reason in Swedish."""

    def __init__(self, status: int, code: str, message: str) -> None:
        """Status is 401 where signing in again may help, 403 where it does not, 503 where the fault is ours."""
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def is_token(credentials: str) -> bool:
    """True for what has a token's form: three parts with dots between. An API key has none."""
    return credentials.count(".") == 2


class Tokens:
    """Checks the tokens of one tenant for one application."""

    def __init__(self, settings: EntraSettings, keys: SigningKeys | None = None) -> None:
        """Tenant and client are GUIDs. Without audiences, the client's id and `api://` and that id are accepted.

        Of the required roles a caller must have at least one. Reads a JWKS file at once, unless keys are given.
        Raises ValueError, in Swedish.
        """
        for what, value in (("tenant", settings.tenant), ("client_id", settings.client_id)):
            if not GUID.fullmatch(value):
                raise ValueError(f"{what}: {value!r} är inget id. {EXPECTED_ID}")
        self.tenant = settings.tenant.lower()
        self.issuers = (f"{ENTRA}/{self.tenant}/v2.0", f"https://sts.windows.net/{self.tenant}/")
        self.audiences = settings.audiences or (settings.client_id, f"api://{settings.client_id}")
        self.required_roles = frozenset(settings.required_roles)
        self.keys = keys or signing_keys(settings.jwks or f"{ENTRA}/{self.tenant}/discovery/v2.0/keys")

    async def caller(self, token: str) -> str:
        """The tenant and object id of the one a token was issued to, as `tid:oid`. Raises Refused."""
        kid = _key_id(token)
        key = await self.keys.find(kid)
        if key is None:
            raise Refused(
                401, "fel-inloggning", "Inloggningen är signerad med en nyckel som inte är känd. Logga in igen."
            )
        claims = self._claims(token, key)
        self._check_purpose(claims)
        identity = claims.get("oid") or claims.get("sub")
        if not isinstance(identity, str):
            raise Refused(401, "fel-inloggning", "Inloggningen säger inte vem den gäller (oid).")
        return f"{self.tenant}:{identity}"

    def _claims(self, token: str, key: jwt.PyJWK) -> Mapping[str, Any]:
        """What the token states, when its signature, issuer, audience and time are right."""
        try:
            claims: Mapping[str, Any] = jwt.decode(
                token,
                key.key,
                algorithms=[ALGORITHM],
                audience=self.audiences,
                issuer=self.issuers,
                leeway=LEEWAY,
                options={"require": list(REQUIRED), "enforce_minimum_key_length": True},
            )
        except jwt.PyJWTError as problem:
            raise _refusal(problem) from None
        if str(claims["tid"]).lower() != self.tenant:
            raise Refused(
                401, "fel-organisation", "Inloggningen gäller en annan organisation (tid) än den här servern."
            )
        return claims

    def _check_purpose(self, claims: Mapping[str, Any]) -> None:
        """An access token for this server, and a role where one is required. Raises Refused."""
        scopes, roles = _words(claims.get("scp")), _words(claims.get("roles"))
        if not (claims.get("azp") or claims.get("appid")):
            raise Refused(401, "fel-inloggning", "Det är ingen åtkomsttoken. Skicka access token, inte id-token.")
        if SCOPE not in scopes and (scopes or not roles):
            raise Refused(403, "behorighet-saknas", f"Inloggningen saknar behörigheten {SCOPE} eller en roll i appen.")
        if self.required_roles and not self.required_roles & roles:
            wanted = " eller ".join(sorted(self.required_roles))
            raise Refused(403, "roll-saknas", f"Användaren saknar rollen {wanted}. Den tilldelas i Entra ID.")


def _key_id(token: str) -> str:
    """The id of the key that the token says it is signed with. Raises Refused for what has another form."""
    try:
        header = jwt.get_unverified_header(token) if len(token) <= LONGEST else {}
    except jwt.PyJWTError:
        header = {}
    kid = header.get("kid")
    if header.get("alg") != ALGORITHM or not isinstance(kid, str):
        raise Refused(401, "fel-inloggning", f"Inloggningen är ingen token från Entra ID, signerad med {ALGORITHM}.")
    return kid


def _words(value: Any) -> frozenset[str]:
    """Scopes, which are a text with blanks between, or roles, which are a list of texts."""
    if isinstance(value, str):
        return frozenset(value.split())
    return frozenset(word for word in value if isinstance(word, str)) if isinstance(value, list) else frozenset()


def _refusal(problem: jwt.PyJWTError) -> Refused:
    match problem:
        case jwt.ExpiredSignatureError():
            return Refused(401, "inloggning-utgangen", "Inloggningen har gått ut. Logga in igen.")
        case jwt.ImmatureSignatureError():
            return Refused(401, "fel-inloggning", "Inloggningen gäller inte ännu. Kontrollera serverns klocka.")
        case jwt.InvalidAudienceError():
            return Refused(401, "fel-mottagare", "Inloggningen gäller en annan mottagare (aud) än den här servern.")
        case jwt.InvalidIssuerError():
            return Refused(
                401, "fel-utfardare", "Inloggningen är utfärdad av någon annan (iss) än organisationens Entra ID."
            )
        case jwt.MissingRequiredClaimError():
            return Refused(401, "fel-inloggning", f"Inloggningen saknar uppgiften {problem.claim}.")
    return Refused(401, "fel-inloggning", "Inloggningen godtas inte: signaturen eller formen är fel.")
