"""The fixed vocabularies as small integers: the place of a word in its list is its code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from core.vocabulary.columns import Column, read
from core.vocabulary.parsed import Misread, Parsed, quoted
from core.vocabulary.words import Lexicon, WordReader, normalise, one_of, plain


class Codes:
    """An ordered vocabulary; `codes["word"]` is exact, for programs, `.code(text)` is for what people write.

    name: Swedish noun for messages; unknown: its adjective (`Okänt färdmedel`).
    synonyms: other ways to write a word, by word.
    ambiguous: what people write that may be several of the words, with those words.
    """

    def __init__(
        self,
        name: str,
        words: Sequence[str],
        synonyms: Mapping[str, Sequence[str]] | None = None,
        *,
        unknown: str = "Okänd",
        ambiguous: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.name = name
        self.words = tuple(words)
        self.by_word: Mapping[str, int] = MappingProxyType({word: i for i, word in enumerate(self.words)})
        self._unknown = unknown
        self._ambiguous = {plain(key): tuple(several) for key, several in (ambiguous or {}).items()}
        written = [*self.by_word.items()]
        for word, others in (synonyms or {}).items():
            written += [(other, self.by_word[word]) for other in others]
        self._lexicon = Lexicon(written)

    def __len__(self) -> int:
        return len(self.words)

    def __getitem__(self, word: str) -> int:
        return self.by_word[word]

    def word(self, code: int) -> str:
        """The word of a code; raises IndexError for a code that is none."""
        if code < 0:
            raise IndexError(code)
        return self.words[code]

    def code(self, text: str, suggest: bool = True) -> int:
        """The code of a word or synonym; raises ValueError naming the nearest words and all the words."""
        found = self._lexicon.find(text) if normalise(text) else None
        if found is not None:
            return found
        several = self._ambiguous.get(plain(text))
        if several:
            raise Misread(f"{quoted(text)} kan vara flera slags {self.name}. Skriv {one_of(several)}.")
        near = [self.words[code] for code in self._lexicon.near(text)] if suggest else []
        maybe = f" Menade du {one_of(near)}?" if near else ""
        raise Misread(f"{self._unknown} {self.name} {quoted(text)}.{maybe} Skriv ett av: {', '.join(self.words)}.")

    def column(self, values: Column) -> Parsed:
        """A column of words as codes, −1 where there is none."""
        return read(_CodeReader(self), values)


class _CodeReader(WordReader):
    def __init__(self, codes: Codes) -> None:
        super().__init__()
        self._codes = codes

    def find(self, text: str, suggest: bool) -> int:
        return self._codes.code(text, suggest)


CAR_MODES: Final = ("verksamhetsbil", "poolbil", "hyrbil", "leasingbil", "privat bil", "förmånsbil")

FARDMEDEL: Final = Codes(
    "färdmedel",
    (
        "gång",
        "cykel",
        "elcykel",
        "buss",
        "tåg",
        "spårvagn",
        "färja",
        "taxi",
        *CAR_MODES,
        "lätt lastbil",
        "flyg",
        "moped",
        "mc",
        "digitalt",
    ),
    {
        "gång": ("gående", "promenad", "till fots", "walk", "walking", "on foot"),
        "cykel": ("tjänstecykel", "lånecykel", "bike", "bicycle"),
        "elcykel": ("el-cykel", "e-bike", "electric bike"),
        "buss": ("expressbuss", "stadsbuss", "långfärdsbuss", "bus", "coach"),
        "tåg": ("järnväg", "pendeltåg", "nattåg", "snabbtåg", "train", "rail"),
        # The underground runs on the same kind of current and rank as the tram, and has no word of its own.
        "spårvagn": ("spårväg", "tvärbana", "tunnelbana", "t-bana", "tram", "metro", "underground", "subway"),
        "färja": ("båt", "fartyg", "båt/färja", "färja/båt", "ferry", "boat", "ship"),
        "taxi": ("taxibil", "taxiresa", "cab"),
        "verksamhetsbil": ("kommunbil", "kommunens bil", "pool car of the unit"),
        "poolbil": ("bilpool", "bilpoolsbil", "pool car", "car pool"),
        "hyrbil": ("hyrd bil", "hyresbil", "korttidshyrd bil", "rental car", "hire car", "rented car"),
        "leasingbil": ("leasad bil", "leased car", "leasing car"),
        "privat bil": ("egen bil", "privatbil", "own car", "private car"),
        "förmånsbil": ("bilförmån", "company car as benefit", "benefit car"),
        "lätt lastbil": ("skåpbil", "transportbil", "pickup", "van", "light truck", "light lorry"),
        "flyg": ("flygplan", "flight", "plane", "airplane", "air"),
        "moped": ("egen moped",),
        "mc": ("motorcykel", "egen motorcykel", "motorcycle", "motorbike"),
        "digitalt": (
            "digitalt möte",
            "digital",
            "videomöte",
            "webbmöte",
            "distansmöte",
            "teams",
            "zoom",
            "skype",
            "video meeting",
            "online",
        ),
    },
    unknown="Okänt",
    ambiguous={
        "bil": CAR_MODES,
        "car": CAR_MODES,
        "personbil": CAR_MODES,
        "elbil": CAR_MODES,
        "tjänstebil": ("verksamhetsbil", "leasingbil", "förmånsbil"),
        "company car": ("verksamhetsbil", "leasingbil", "förmånsbil"),
        "kollektivtrafik": ("buss", "tåg", "spårvagn", "färja"),
        "public transport": ("buss", "tåg", "spårvagn", "färja"),
    },
)

TYP: Final = Codes(
    "typ",
    (
        "bensin",
        "diesel",
        "el",
        "laddhybrid",
        "hvo",
        "biogas",
        "fordonsgas",
        "e85",
        "okänt",
        "ekonomi",
        "premium",
        "business",
        "första",
        "Norden",
        "Danmark",
        "Europa",
        "långväga",
        "stadsbuss",
    ),
    {
        "bensin": ("petrol", "gasoline"),
        "diesel": ("mk1", "dieselolja"),
        "el": ("elbil", "eldriven", "helt el", "electric", "electricity"),
        "laddhybrid": ("plugin", "plug-in", "plug-in-hybrid", "elhybrid med laddning", "phev"),
        "hvo": ("hvo100", "hvo/fame", "fame"),
        "biogas": ("biogas 100",),
        "fordonsgas": ("cng",),
        "e85": ("etanol", "ethanol"),
        "okänt": ("okänd", "vet ej", "unknown"),
        "ekonomi": ("economy", "economy class", "ekonomiklass", "turist", "turistklass"),
        "premium": ("premium economy", "premium ekonomi", "premiumekonomi"),
        "business": ("business class", "businessklass", "affärsklass"),
        "första": ("första klass", "first", "first class"),
        "Norden": ("Nordic", "Nordics", "Norden utom Danmark"),
        "Danmark": ("Denmark",),
        "Europa": ("Europe",),
        "långväga": ("långfärdsbuss", "fjärrbuss", "expressbuss", "coach", "long distance"),
        "stadsbuss": ("lokalbuss", "city bus", "local bus"),
    },
    ambiguous={
        "hybrid": ("bensin", "laddhybrid"),
        "elhybrid": ("bensin", "laddhybrid"),
        "gas": ("fordonsgas", "biogas"),
    },
)
"""Fuel, flight class, kind of train and kind of bus in one list, since a sheet has one column for them."""

BIL: Final = Codes(
    "bil",
    ("egen", "förmånsbil", "förmånsbil diesel", "förmånsbil el", "moped", "mc"),
    {
        "egen": ("egen bil", "privat bil", "privat", "own", "own car", "private car"),
        "förmånsbil": ("förmånsbil bensin", "förmånsbil laddhybrid", "bilförmån", "benefit car"),
        "förmånsbil diesel": ("benefit car diesel",),
        "förmånsbil el": ("förmånsbil elbil", "eldriven förmånsbil", "benefit car electric"),
        "mc": ("motorcykel", "motorcycle", "motorbike"),
    },
    ambiguous={
        "bil": ("egen", "förmånsbil"),
        "car": ("egen", "förmånsbil"),
        "tjänstebil": ("förmånsbil", "förmånsbil diesel", "förmånsbil el"),
    },
)

ZON: Final = Codes(
    "zon",
    ("kommunen", "inrikes", "Norden", "Europa", "övriga världen", "utrikes"),
    {
        "kommunen": ("inom kommunen", "kommun", "lokalt", "municipality", "local"),
        "inrikes": ("inom Sverige", "Sverige", "domestic", "Sweden"),
        "Norden": ("Nordic", "Nordics", "Nordic countries"),
        "Europa": ("Europe", "inom Europa"),
        "övriga världen": ("världen", "utanför Europa", "interkontinentalt", "world", "rest of the world"),
        "utrikes": ("utlandet", "utomlands", "abroad", "international"),
    },
)

MALTID: Final = Codes(
    "måltidstyp",
    ("ingen", "kost", "hotell", "transport", "extern", "intern", "affärskontakt"),
    {
        "ingen": ("-", "inget", "nej", "falskt", "false", "none"),
        "kost": ("x", "ja", "sant", "true", "fri", "fri kost", "free"),
        "hotell": ("h", "hotellfrukost", "hotel", "hotel breakfast"),
        "transport": ("t", "färdmedel", "allmänt färdmedel"),
        "extern": ("r", "extern representation", "external"),
        "intern": ("i", "intern representation", "internutbildning", "planeringsdag", "internal"),
        "affärskontakt": ("a", "affärsbekant", "business contact"),
    },
)
"""What a meal was, by rule L-7.4.2-T; no meal is 0."""

ROLL: Final = Codes(
    "roll",
    ("anställd", "förtroendevald"),
    {
        "anställd": ("arbetstagare", "medarbetare", "employee"),
        "förtroendevald": ("politiker", "ledamot", "elected", "elected representative"),
    },
)
