"""Controls of what a claim must show: purpose, reason, route, receipts."""

from __future__ import annotations

from typing import Any

from core.kontroll.controls import control, modes

_PUBLIC_TRANSPORT = modes("buss", "tåg", "spårvagn", "färja")


@control("Syfte saknas", "L-7.2-3", "L-3-1", message="Resans syfte är inte angivet.")
def syfte_saknas(syfte_angivet: Any) -> Any:
    """No purpose."""
    return ~syfte_angivet


@control("Skäl saknas", "L-7.2-3", message="Skälet till resan är inte angivet.")
def skal_saknas(skal: Any) -> Any:
    """No reason."""
    return skal < 0


@control("Färdväg saknas", "L-7.2-4", message="Färdvägen är inte angiven: från och till ska stå.")
def fardvag_saknas(fran_angiven: Any, till_angiven: Any) -> Any:
    """One of the places is blank."""
    return ~(fran_angiven & till_angiven)


@control("Färdmedel saknas", "L-7.2-4", message="Färdmedlet är inte angivet.")
def fardmedel_saknas(fardmedel_angivet: Any) -> Any:
    """No mode."""
    return ~fardmedel_angivet


@control(
    "Roll saknas", "L-1-1", grade="info", message="Det framgår inte om resenären är anställd eller förtroendevald."
)
def roll_saknas(roll_angiven: Any) -> Any:
    """Neither employee nor elected representative."""
    return ~roll_angiven


@control(
    "Kvitto saknas", "L-7.2-5", "L-7.1-3", "L-6.3-12", grade="stopp", lifted_by="behörig chef",
    message="Kvitto på utlägg saknas.",
)  # fmt: skip
def kvitto_saknas(begarda_utlagg: Any, kvitto: Any) -> Any:
    """Outlays without a receipt."""
    return (begarda_utlagg > 0) & ~kvitto


@control(
    "Kvitto på biljett saknas",
    "L-7.8-5",
    grade="stopp",
    lifted_by="behörig chef",
    message="Kvitto på kollektivtrafikbiljetten saknas; utan det ersätts resan inte.",
)
def kvitto_pa_biljett_saknas(fardmedel: Any, kostnad: Any, kvitto: Any) -> Any:
    """A ticket on public transport without a receipt."""
    return _PUBLIC_TRANSPORT[fardmedel] & (kostnad > 0) & ~kvitto


@control(
    "SMS-biljett utan signatur",
    *("L-7.8-7", "L-7.8-6"),
    grade="stopp",
    message="SMS-biljett utan kvitto ska signeras särskilt av behörig chef; andra signatur saknas.",
)
def sms_biljett_utan_signatur(sms_biljett: Any, kvitto: Any, andra_signatur: Any) -> Any:
    """A ticket by text message with neither receipt nor the manager's own signature for it."""
    return sms_biljett & ~kvitto & ~andra_signatur
