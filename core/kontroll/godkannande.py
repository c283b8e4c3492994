"""Controls of approvals: whether there is one, in time, and by the role that the policy asks for."""

from __future__ import annotations

from typing import Any

from core.kontroll.controls import RULES, control
from core.kontroll.words import suffices
from core.vocabulary import FARDMEDEL

FLYG = FARDMEDEL["flyg"]
_DECIDES_CARDS = suffices("förvaltningschef")


@RULES.rule("resa", "ja/nej", "Godkänd av rätt roll", refs=("L-3-3", "S-13c"))
def godkand_av_ratt_roll(godkand_av: Any, godkannare: Any, rollmatris: Any) -> Any:
    """True where the role that approved is the one the policy asks for, or one above it."""
    return rollmatris[godkannare, godkand_av] & (godkand_av >= 0)


@control(
    "Godkännande saknas",
    *("L-3-3", "L-6.1-1"),
    grade="stopp",
    lifted_by="behörig chef",
    message="Det framgår inte vem som har godkänt resan.",
)
def godkannande_saknas(godkand_av: Any, fardmedel: Any) -> Any:
    """No approver; flights have a control of their own, and a digital meeting needs none."""
    return (godkand_av < 0) & (fardmedel != FLYG) & (fardmedel != FARDMEDEL["digitalt"])


@control(
    "Godkännandets datum saknas",
    *("L-3-3", "L-6.1-1"),
    message="Godkännare finns men inte vilken dag resan godkändes.",
)
def godkannandets_datum_saknas(godkand_av: Any, godkand_dag: Any) -> Any:
    """An approver without a day."""
    return (godkand_av >= 0) & (godkand_dag == 0)


@control(
    "Godkännare saknas vid datum",
    *("L-3-3", "L-6.1-1"),
    message="Uppgifterna motsäger varandra: det finns en dag för godkännandet men ingen godkännare.",
)
def datum_utan_godkannare(godkand_av: Any, godkand_dag: Any) -> Any:
    """A day of approval by no one."""
    return (godkand_av < 0) & (godkand_dag > 0)


@control(
    "Godkänd efter avresan",
    *("L-3-3", "L-5.2-3"),
    grade="stopp",
    lifted_by="behörig chef",
    message="Resan godkändes efter avresan. Godkännandet ska finnas innan resan börjar.",
)
def godkand_efter_avresa(godkand_dag: Any, avresedag: Any) -> Any:
    """Approved later than the day of departure."""
    return godkand_dag > avresedag


@control(
    "Godkänd efter reseräkningen",
    *("L-3-3", "L-6.1-2"),
    message="Uppgifterna motsäger varandra: resan godkändes först efter att reseräkningen lämnades in.",
)
def godkand_efter_reserakning(godkand_dag: Any, inlamnad_dag: Any) -> Any:
    """Approved after the claim came in."""
    return (inlamnad_dag > 0) & (godkand_dag > inlamnad_dag)


@control(
    "Godkänd av fel roll",
    *("L-3-3", "L-6.1-1"),
    grade="stopp",
    lifted_by="behörig chef",
    message="Den som har godkänt resan är inte den som policyn anger, se Godkännare.",
)
def godkand_av_fel_roll(godkand_av: Any, godkand_av_ratt_roll: Any, fardmedel: Any) -> Any:
    """Another role than the policy's; flights have a control of their own."""
    return (godkand_av >= 0) & ~godkand_av_ratt_roll & (fardmedel != FLYG)


@control(
    "Flyg utan rätt godkännande",
    *("L-4.2-6", "L-4.3-3", "S-13c"),
    grade="stopp",
    lifted_by="behörig chef",
    message="Flygresan är inte godkänd av den som policyn anger, se Godkännare.",
)
def flyg_utan_ratt_godkannande(fardmedel: Any, godkand_av_ratt_roll: Any) -> Any:
    """A flight approved by no one or by the wrong role."""
    return (fardmedel == FLYG) & ~godkand_av_ratt_roll


@control(
    "Periodkort beslutat av fel roll",
    "L-7.8-3",
    grade="stopp",
    lifted_by="förvaltningschef",
    message="Förvaltningschefen ska besluta om rabattkort, värdekort och årskort.",
)
def periodkort_fel_beslut(periodkort_beslut: Any) -> Any:
    """A card decided by someone below the head of administration."""
    return (periodkort_beslut >= 0) & ~_DECIDES_CARDS[periodkort_beslut]


@control(
    "Avsteg utan skäl",
    "L-2.1-1",
    message="Ett avsteg är beslutat men det särskilda skälet är inte angivet.",
)
def avsteg_utan_skal(avsteg_av: Any, avsteg_skal: Any) -> Any:
    """A deviation whose reason is not stated."""
    return (avsteg_av >= 0) & ~avsteg_skal
