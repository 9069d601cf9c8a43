"""What stands around a name in an English sentence: does somebody do business under it?

A headline's `Gap names new CEO` is told from a gap by the verb behind the name, `retailer Target` by the trade before
it, `A lawsuit accuses Amazon` by a capital where a sentence's words have none. Knows the words of business, no names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# What a company does and little else does, and what others do too; as base forms, the endings are added below.
_BUSINESS_VERBS = (
    "name|appoint|hire|oust|recall|unveil|launch|introduce|post|report|announce|forecast|slash|trim|raise|hike|boost|"
    "acquire|sell|spin off|merge|invest|pledge|settle|sue|plan|suspend|expand|lay off|partner|team up|ship|scrap|"
    "outsell|patent|roll out|buy back|list|license|restructure|refinance|rename|rebrand|relaunch|divest|tap|debut|sign|"
    "build|ramp up|pull out|cut|delay|cancel|halt|buy|bid"
)
_OTHER_VERBS = (
    "lift|lower|double|triple|complete|price|outline|promote|pay|top|beat|miss|agree|develop|bet|seek|stop|start|resume|"
    "exit|enter|offer|open|close|shut|supply|make|test|ban|add|join|win|lose|face|drop|move|seek|target|appeal|warn"
)
_IRREGULAR = (
    "fined|sued|laid off|sold|bought|built|paid|cut|hit with|accused of|ordered to|told to|under fire|probed|"
    "said|says|expects|expected|warns|warned|reportedly|won't|will|aims?|aimed|wants?|considers|considering|mulls?|eyes|"
    "in talks|is (?:buying|building|selling|closing|investing|cutting|planning)|"
    "has (?:launched|signed|agreed|acquired|hired|sold|bought|cut|named|raised|filed)"
)
_NOUNS = (
    "shares?|stocks?|profits?|revenues?|earnings|CEO|CFO|CTO|chief executive|chief financial|chairman|executives?|"
    "investors?|shareholders?|spokes(?:wo)?man|dividends?|bonds?|IPO|subsidiary|supplier|layoffs|market value|"
    "employees?|headquarters|co-?founder|founder|net income|operating (?:profit|income|loss)|quarterly|backlog|"
    "\\d[\\w.]* (?:shares|workers|jobs)|(?:car|truck|ad|cloud|chip|store|holiday|online|net) sales"
)
# Said of a thing that somebody owns: Lilly's weight-loss drug, Oracle's cloud backlog.
_OWNED = (
    "drugs?|cloud|chips?|plants?|factor(?:y|ies)|stores?|sales|products?|apps?|software|devices?|phones?|vehicles?|cars?|"
    "trucks?|turnaround|workers|unit|business|brands?|customers|users|outlook|guidance|results|deal|takeover|merger|"
    "acquisition|purchase|bid|stake|board|management|strategy|lawyers|platforms?|models?|AI|glasses|pill|vaccine|"
    "assistant|division|offices?|forecasts?|expansion|restructuring|losses|debt|finances|network|service"
)
_TRADE = (
    "compan(?:y|ies)|firms?|giants?|retailers?|banks?|lenders?|insurers?|groups?|operators?|start-?ups?|rivals?|owners?|"
    "conglomerate|majors?|brands?|airlines?|developers?|suppliers?|producers?|[a-z]*makers?|miners?|brokers?|"
    "utilit(?:y|ies)|platforms?|manufacturers?|builders?|chains?|subsidiary|unit|carriers?|publisher|parent"
)


def _inflected(verbs: str) -> str:
    """The third person and the past of regular verbs: raises and raised, planned, supplies."""
    return "|".join(map(_inflect, verbs.split("|")))


def _inflect(verb: str) -> str:
    first, space, rest = verb.partition(" ")
    if re.search("[^aou]y$", first):
        return f"{first[:-1]}(?:ies|ied){space}{rest}"
    return f"{first}(?:s|es|d|ed|{first[-1]}ed){space}{rest}"


_ADVERB = "(?:(?:also|now|again|abruptly|quietly|formally) )?"
_ACTS = re.compile(
    rf",? {_ADVERB}(?:{_inflected(_BUSINESS_VERBS)}|{_IRREGULAR}|to (?:{_BUSINESS_VERBS}|{_OTHER_VERBS}))\b(?! of\b)",
    re.IGNORECASE,
)
_MAY_ACT = re.compile(rf",? {_ADVERB}(?:{_inflected(_OTHER_VERBS)}|won|lost)\b", re.IGNORECASE)
_BUSINESS_NOUN = re.compile(rf"(?:['’]s?)? (?:{_NOUNS})\b", re.IGNORECASE)
_OWNS = re.compile(rf"['’]s?(?: [\w-]+){{0,3}}? (?:{_NOUNS}|{_OWNED})\b", re.IGNORECASE)
_INTRODUCED = re.compile(rf"\b(?:{_TRADE}),? $", re.IGNORECASE)
_EXPLAINED = re.compile(rf", (?:an?|the|which) [^,.;]{{0,60}}\b(?:{_TRADE})\b", re.IGNORECASE)
# A first name or an initial: Gerald Ford, John M. Ford. A sentence's first word is not told apart from one.
_PERSON = re.compile(r"(?:\b[A-Z][a-z]+|\b[A-Z]\.)\s$")
_PERSON_TITLE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Sir|President|Senator|Judge|Justice|Coach|Captain|Lady|Lord)\.?\s$"
)
# The word before is in lower case, the name is not, and no further capital makes it part of another name.
_PLAIN_BEFORE = re.compile(r"(?:^|[\s(\"'“‘])[a-z][a-z'’-]*,? [\"'“‘]?$")
_CAPITAL_AFTER = re.compile(r" [A-Z][a-z]")


def evidence(before: str, after: str, *, common: bool) -> Iterator[tuple[float, str]]:
    """Log-odds, each with its reason, for a company by this name. `common`: the name is a word of every day."""
    if _PERSON_TITLE.search(before):
        yield -5.0, "a person's name"
    elif _PERSON.search(before):
        yield -2.5, "a person's name"
    if _ACTS.match(after):
        yield (5.0 if common else 4.0), "acts as a company"
    elif _MAY_ACT.match(after):
        yield 1.4, "acts as a company"
    elif _BUSINESS_NOUN.match(after):
        yield (5.5 if common else 4.5), "a business word follows"
    elif _OWNS.match(after):
        yield (5.0 if common else 4.0), "owns what companies own"
    if _INTRODUCED.search(before) or _EXPLAINED.match(after):
        yield 5.0, "introduced as a company"
    if _PLAIN_BEFORE.search(before) and not _CAPITAL_AFTER.match(after):
        yield (4.0 if common else 2.5), "written as a name"
