"""The pieces of Korean time expressions, and which piece may follow which.

Patterns look at no more than a few dozen characters from where they start, so that reading a text takes time in
proportion to its length. Knows words, not calendars: 지난달 is the month -1, whichever that is.
"""

from __future__ import annotations

import re
from typing import Any

from articles.dates import numbers
from articles.dates.values import Entry, words_of

# What may stand after a word that is a date only when it stands alone: a particle's first letters, or no Hangul.
EDGE = (
    r"(?=$|[^가-힣]|에(?![가-힣]{2}지)|의\s|부터|까지|로\s|쯤|께|경|은\s|는\s|도\s|이\s|가\s|을\s|를\s|과\s|와\s|만\s"
    r"|보다|이후|이전|중|엔|이면|이다|인\s|이나|나\s|들어|안|내|입니다|처럼|마다)"
)
_END = r"(?=$|[^가-힣]|에|부터|까지|의\s|로|쯤|께|경|이면|이후|이전|기준|인\s|과\s|이\s|은\s|을\s|에는|엔|보다|만\s|이다|께|입니다)"
_COUNT = r"(?:[0-9]{1,3}|한|두|세|석|네|넉|다섯|여섯|일곱|여덟|아홉|열|몇|[일이삼사오육칠팔구십]{1,3})\s?"
_PLAIN_COUNT = r"(?:[0-9]{1,3}|한|두|세|석|네|넉|다섯|여섯|일곱|여덟|아홉|열|몇)\s?"
_DAYS = r"(?:하루|이틀|사흘|나흘|닷새|엿새|이레|여드레|아흐레|열흘|보름|며칠|몇일)"
_SPAN_PART = rf"(?:{_PLAIN_COUNT}(?:년|개월|달|주일|주)|[0-9]{{1,4}}일(?!간지)|(?:한|두|몇)\s?해|[일이삼사오육칠팔구십]{{1,3}}\s?(?:년|개월|주일|주|일(?!간지))|{_DAYS}|반년)"
SPAN = rf"{_SPAN_PART}(?:(?:\s?하고\s|\s그리고\s|,?\s)?{_SPAN_PART}){{0,2}}(?:\s?반)?"
# A number of days is a length, not a day of the month, before these.
_NO_DAY = (
    r"(?!\s?(?:동안|간\s|에\s걸쳐|만에|만의|연속|이상|이내|이하|미만|정도|가량|평균|최대|권장|안에|내에|내로|내|당\s|[0-9]+[회번])|간|째|차|짜리|치|씩"
    r"|여|장|수|천하|생|대\s|제|자유|보|물|용)"
)
_NO_YEAR = r"(?!\s?(?:만에|만의|동안|연속|역사|전통|이상|전\s|전에|넘)|생|산|식|형|간|째|차|물|짜리|된|여)"
_ORDINAL = r"(?:(?:첫|둘|셋|넷|다섯|여섯|[1-5])째|[1-5](?=주차)|(?:첫|두|세|네|다섯|여섯|열)\s?번\s?째|첫(?=\s?(?:주|날|[월화수목금토일]요일))|마지막)"
_HOURS = r"(?:열한|열두|한|두|세|네|다섯|여섯|일곱|여덟|아홉|열)"
_NO_HOUR = (
    r"(?![간장민도대군내립청즌술행작설가세점급범각공동즉판위험]|\s?의\s?회|리즈|스템|나리|대|사회|조|비|정)"
)


def constant(value: Any) -> Any:
    """A maker that ignores the text."""
    return lambda text: value


def _number(text: str) -> int:
    return numbers.integers(text)[0]


def _pair(text: str) -> tuple[int, int] | None:
    first, last = numbers.integers(text)[:2]
    return (first, last) if first < last else None


def _year_pair(text: str) -> tuple[int, int] | None:
    first, last = numbers.integers(text)[:2]
    if last < 100:
        last += first // 100 * 100
    return (first, last) if first < last else None


def _short_year(text: str) -> int:
    year = _number(text)
    return 2000 + year if year < 70 else 1900 + year


def _ymd(text: str) -> tuple[int, int, int]:
    year, month, day = numbers.integers(text)
    if day > 31:
        day, year = year, day
    return (year if year > 99 else _short_year(str(year))), month, day


def _quarter(text: str) -> int | None:
    found = numbers.integers(text[:1]) or [numbers.sino(text[:1]) or 0]
    return found[0] if 1 <= found[0] <= 4 else None


def _sino_day(text: str) -> int | None:
    found = numbers.sino(text.removesuffix("일"))
    return found if found and found <= 31 else None


def _sino_month(text: str) -> int | None:
    return numbers.sino(text.removesuffix("월"))


_ONE_SPAN = re.compile(rf"({_DAYS})|반년|({_COUNT})(년|해|개월|달|주일|주|일)")
_UNITS = {
    "년": "year",
    "해": "year",
    "개월": "month",
    "달": "month",
    "주": "week",
    "주일": "week",
    "일": "day",
}


def spans(text: str) -> tuple[tuple[int, str], ...] | None:
    """The lengths in a text as (number, unit): 2년 9개월; half of one is left out but for 반년."""
    found: list[tuple[int, str]] = []
    for match in _ONE_SPAN.finditer(text):
        if match[1]:
            found.append((numbers.korean(match[1]) or 0, "day"))
        elif not match[2]:
            found.append((6, "month"))
        else:
            found.append((numbers.korean(match[2]) or 0, _UNITS[match[3]]))
    return tuple(found) if found and all(number for number, _ in found) else None


def _clock(text: str) -> tuple[int, int, int] | None:
    hour, minute, *rest = numbers.integers(text)
    return (hour, minute, rest[0] if rest else 0) if hour <= 24 and minute < 60 else None


def _twelve_hours(text: str) -> tuple[int, int, int]:
    hour, *rest = numbers.integers(text)
    return hour % 12 + (12 if "p" in text.lower() else 0), rest[0] if rest else 0, 0


def _hour(text: str) -> int | None:
    found = numbers.korean(text.rstrip("시").strip())
    return found if found is not None and found <= 24 else None


def _weekday(text: str) -> int:
    return "월화수목금토일".index(text.strip("(, ")[0])


def _length(text: str) -> Any:
    return spans(re.sub(r"^(?:지난|최근|과거|앞으로의?|향후|다음|다가오는|이번|오는|지금부터)\s+", "", text))


def _entries() -> list[Entry]:
    to_date, from_now = r"(?:지난|최근|과거)\s{1,2}", r"(?:앞으로|향후|다음|다가오는|지금부터)\s{1,2}"
    long_span = rf"(?:{_COUNT}(?:년|해|개월|달|주일?)(?!\s?(?:전|뒤|후|만에|연속|째))|{_DAYS})"
    return [
        *_relative_lengths(to_date, from_now, long_span),
        *_relative_units(),
        *_numeric(),
        *_named(),
        *_times(),
    ]


# What a length may be followed by to make a time of it: so long before, after, from now, or since it last happened.
_COUNTED = (
    r"(?:이)?전(?=$|[^가-힣]|에|의|부터|까지|보다|만|인|과|엔|부|쯤|입니다)(?!\s(?:세계|직원|국민|구간))"
    r"|(?:뒤|후|지나서)(?=$|[^가-힣]|에|의|부터|면|인|엔|쯤|까지|로|를)"
    r"|(?:이내|내|안)(?=에|로|$|\s|까지)"
    r"|만(?:에|의(?=\s)|(?=$|[.,…\s]|이다|이며|입))"
)
_COUNTED_KIND = re.compile(
    r"(?P<ago>이?전)$|(?P<later>뒤|후|지나서)$|(?P<within>이?내|안)$|(?P<after_gap>만[에의]?)$"
)


def _counted(text: str) -> tuple[str, tuple[tuple[int, str], ...]] | None:
    kind, lengths = _COUNTED_KIND.search(text), spans(text)
    return (kind.lastgroup or "ago", lengths) if kind and lengths else None


def _relative_lengths(to_date: str, from_now: str, long_span: str) -> list[Entry]:
    tail = r"(?:(?:\s?반)?\s?(?:간|동안|새|사이|여간))?"
    return [
        ("year_rel", r"지난\s한\s?해(?:\s?동안|간)?", constant(-1)),
        ("to_date", r"(?:올해|올\s?해|올)\s?들어(?:\s지금까지|서)?", constant("year")),
        ("to_date", r"이달\s?들어(?:서)?", constant("month")),
        (
            "lately",
            rf"{to_date}(?:{long_span}{tail}(?![가-힣]*째)|[0-9]{{1,3}}일\s?(?:간|동안)){EDGE}",
            _length,
        ),
        ("coming", rf"(?:앞으로|향후|지금부터)\s{{1,2}}[0-9]{{1,3}}일(?:간|\s?동안)?{EDGE}", _length),
        (
            "coming",
            rf"{from_now}(?:{long_span}{tail}|(?:[0-9]{{1,3}}|[일이삼사오육칠팔구십]{{1,2}})일\s?(?:간|동안)){EDGE}",
            _length,
        ),
        ("counted", rf"(?=.{{1,24}}?[전뒤후내안만지]){SPAN}\s?(?:{_COUNTED})", _counted),
    ]


def _relative_units() -> list[Entry]:
    here, last = r"(?:이번\s?|당\s?)", r"(?:지난\s?|저번\s?)"
    after = r"(?:다음\s?|오는\s?|다가오는\s?|돌아오는\s?)"
    week_end = r"(?:주)(?=$|[^가-힣]|에|의\s|는\s|은\s|도\s|부터|까지|중|초|말\s|후반|[월화수목금토일]요일|내|안|엔|께|보다|가\s|를\s)"
    of_period = r"\s?(?:동기(?=$|[^가-힣]|보다|에|와|의|대비|비)|같은\s?(?:기간|분기|시기))"
    return [
        ("same_period", rf"(?:전년|지난해|작년|1년\s전){of_period}", constant("period")),
        ("same_period", r"(?:전년|지난해|작년|1년\s전)\s?(?:동월|같은\s?달)", constant("month")),
        ("year_rel", r"(?:올해(?!의\s(?!경우))|올\s해|금년|이번\s해)(?!\s?들어)", constant(0)),
        ("year_rel", r"재작년|지지난\s?해", constant(-2)),
        ("year_rel", r"지난해|지난\s해|작년|저번\s?해", constant(-1)),
        ("year_rel", r"내후년|다다음\s?해", constant(2)),
        ("year_rel", rf"(?:내년|명년)(?!생)|내년도{EDGE}", constant(1)),
        ("year_of_text", rf"(?:이듬\s?해|다음\s?해){EDGE}", constant(1)),
        ("year_of_text", rf"(?:그\s?해|같은\s?해|동년){EDGE}", constant(0)),
        ("year_of_text", r"전년도?(?=$|[^가-힣]|보다|에|대비|의|과\s|비|도)", constant(-1)),
        ("month_rel", r"다다음\s?달", constant(2)),
        ("month_rel", r"지지난\s?달", constant(-2)),
        (
            "month_rel",
            r"(?:이달(?=$|[^가-힣]|초|말|중|하순|상순|부터|까지|에|은|도|내|안|만|께|쯤)|이번\s?달|이\s달(?=\s?(?:초|말|중순|하순|안|[0-9]))|금월)(?!\s?들어)",
            constant(0),
        ),
        ("month_rel", r"(?:지난\s?달|저번\s?달)(?!러|라|력)|전월(?=$|[^가-힣]|보다|에|비|의)", constant(-1)),
        ("month_rel", r"(?:내달|다음\s?달|다가오는\s달|익월)(?![라려력리])", constant(1)),
        ("month_of_text", rf"(?:같은|그)\s?달{EDGE}|동월{EDGE}", constant(0)),
        ("weekend_rel", r"다다음\s?주말", constant(2)),
        ("weekend_rel", rf"{here}주말", constant(0)),
        ("weekend_rel", rf"{last}주말", constant(-1)),
        ("weekend_rel", r"다음\s?주말", constant(1)),
        ("weekend_rel", r"오는\s?주말|돌아오는\s주말", constant(0)),
        ("week_rel", rf"다다음\s?{week_end}", constant(2)),
        ("week_rel", rf"지지난\s?{week_end}", constant(-2)),
        (
            "week_rel",
            rf"(?:{here}{week_end}|금주(?=\s?(?:중|안|내\s|초|말|에|의\s|부터|까지|주말|[0-9월화수목금토일])|$)|이\s주(?=\s?(?:안|내|말|초|중)|\s*$))",
            constant(0),
        ),
        ("week_rel", rf"{last}{week_end}|전주(?=\s?(?:대비|보다|에\s비해|\s*$))", constant(-1)),
        (
            "week_rel",
            rf"(?:{after}{week_end}|차주{EDGE}|내주(?=$|[\s,.…]|부터|까지|에\s|초|중|말\s|께|[월화수목금토일]요일))",
            constant(1),
        ),
        ("week_of_text", rf"같은\s주{EDGE}", constant(0)),
        ("quarter_rel", r"(?:이번|올)\s?분기", constant(0)),
        ("quarter_of_text", r"(?:직전|전|이전)\s?분기", constant(-1)),
        ("quarter_rel", r"지난\s?분기", constant(-1)),
        ("quarter_rel", r"다음\s?분기", constant(1)),
        ("day_rel", rf"(?:오늘(?!\s?날|의\s)|금일)(?:{EDGE}|(?=밤|저녁|아침|오전|오후))", constant(0)),
        ("day_rel", rf"(?:어젯밤|간밤|지난밤){EDGE}", constant(-1)),
        ("day_rel", rf"(?:어제|전일(?=\s?대비|보다))(?:{EDGE}|(?=밤|저녁|아침|오전|오후))", constant(-1)),
        ("day_rel", rf"(?:그끄저께|그끄제){EDGE}", constant(-3)),
        ("day_rel", rf"(?:그제(?!야|서)|그저께|엊그제|엊그저께){EDGE}", constant(-2)),
        ("day_rel", rf"(?:내일\s?모레|모레){EDGE}", constant(2)),
        ("day_rel", rf"(?:내일|명일)(?!을\s|의\s)(?:{EDGE}|(?=저녁|아침|오전|오후|밤|새벽))", constant(1)),
        ("day_rel", rf"글피{EDGE}", constant(3)),
        (
            "day_of_text",
            r"(?:그\s)?전날(?=$|[^가-힣]|보다|에|의|밤|까지|부터|인|로|과\s|도\s|은\s|엔)",
            constant(-1),
        ),
        ("day_of_text", rf"(?:그\s)?다음\s?날(?:{EDGE}|(?=로))|이튿날{EDGE}|익일{EDGE}", constant(1)),
        ("day_of_text", rf"이\s?날(?:{EDGE}|(?=로))|(?:그|같은)\s?날(?!의\s)(?:{EDGE}|(?=로))", constant(0)),
    ]


def _numeric() -> list[Entry]:
    dash, year = r"\s?[~-]\s?", r"[12][0-9]{3}"
    month, day = r"(?:1[0-2]|0?[1-9])", r"(?:3[01]|[12][0-9]|0?[1-9])"
    stop = r"(?![0-9]|[./-][0-9])"
    return [
        ("ymd", rf"{year}([./-])\s?{month}\1\s?{day}(?:\.(?![0-9]))?{stop}", _ymd),
        ("ymd", rf"'?[0-9]{{2}}([./])\s?(?:0[1-9]|1[0-2])\1\s?(?:0[1-9]|[12][0-9]|3[01]){stop}", _ymd),
        (
            "years",
            rf"(?:19|20)[0-9]{{2}}{dash}(?:19|20)[0-9]{{2}}(?=$|[^0-9가-힣/-]|에|의\s|까지|입니다)|{year}년?{dash}{year}년(?!생|대|산)|{year}년?{dash}[0-9]{{2}}년(?!생|대)",
            _year_pair,
        ),
        ("decade", r"(?:[12][0-9]{2}0|'?[0-9]0)년대(?!생)", _decade),
        ("year", rf"{year}년도?{_NO_YEAR}(?!대)", _number),
        ("year", r"'[0-9]{2}년(?!생|대|산)", _short_year),
        (
            "year",
            r"[0-9]{2}년(?=\s?(?:(?:1[0-2]|[1-9])월(?!\s?(?:구형|선고|형))|[1-4]분기|[상하]반기))",
            _short_year,
        ),
        ("whole", r"한\s?달(?=\s?(?:간|동안|내내|새|만|에|$|[\s,]))\s?(?:간|동안)?", constant(None)),
        ("quarters", r"[1-3]\s?[~·,-]\s?[2-4]분기(?!\s?연속|째)", _pair),
        ("quarter", r"(?:[1-4](?:/4|사)?|[일이삼사](?:사)?)\s?분기(?!\s?(?:연속|만에|만의|째)|째)", _quarter),
        ("quarter", r"[1-4]Q(?=$|[^0-9A-Za-z])", _number),
        (
            "half_year",
            r"[12]H[0-9]{2}(?=$|[^0-9A-Za-z])",
            lambda text: (2000 + int(text[2:]), int(text[0])),
        ),
        (
            "quarter_year",
            r"[1-4]Q[0-9]{2}(?=$|[^0-9A-Za-z])",
            lambda text: (2000 + int(text[2:]), int(text[0])),
        ),
        ("quarter", r"Q[1-4](?=$|[^0-9A-Za-z])", lambda text: int(text[1])),
        ("half", r"(?:상|전)반기", constant(1)),
        ("half", r"(?:하|후)반기", constant(2)),
        ("months", rf"{month}(?:(?:월)?{dash}|,\s|·){month}월(?!\s?[0-9]{{1,2}}일|물|호)", _pair),
        ("month", rf"{month}월(?:달|\s달)?(?!물|호|생|령|드컵|\s?구형)", _number),
        (
            "month",
            r"(?:일|이|삼|사|오|유|칠|팔|구|시|십일|십이)월(?=\s?(?:[0-9]|[일이삼사오육칠팔구십]{1,4}일))",
            _sino_month,
        ),
        ("days", rf"{day}(?:일)?\s?[~·-]\s?{day}일{_NO_DAY}|{day},\s?{day}일{_NO_DAY}", _pair),
        ("day", rf"{day}일{_NO_DAY}", _number),
        (
            "day",
            r"(?:[이삼]?십[일이삼사오육칠팔구]?|(?!일일)[일이삼사오육칠팔구])일(?=$|에|\s|까지|,)",
            _sino_day,
        ),
        (
            "md",
            rf"{month}/(?:3[01]|2[0-9]|1[0-9]|0[1-9])(?![0-9/.%]|\s?(?:수준|로\s|에\s불과|정도|가량|테러))",
            lambda text: tuple(numbers.integers(text)),
        ),
        ("md", r"(?:1[0-2]/(?:1[01]|[1-9])|[3-9]/[1-2])(?=에\s|까지)", _improper),
        (
            "md",
            rf"{month}/[1-9](?=\s?\((?:[월화수목금토일])\)|부터|까지|일|\s?오[전후])",
            lambda text: tuple(numbers.integers(text)),
        ),
        ("year", rf"{year}(?=\s*$)", _number),
    ]


def _improper(text: str) -> tuple[int, int] | None:
    """10/2 can be no fraction; 2/10 could."""
    month, day = numbers.integers(text)
    return (month, day) if month > day else None


def _decade(text: str) -> int:
    found = _number(text)
    if found >= 1000:
        return found
    return 2000 + found if found < 30 else 1900 + found


def _named() -> list[Entry]:
    return [
        ("dir", r"지지난\s", constant(-2)),
        ("dir", r"(?:지난|저번)\s?(?=[0-9'일이삼사오봄여가겨설추광크연하상월화수목금토분])", constant(-1)),
        (
            "dir",
            r"(?:오는|다가오는|돌아오는)\s?(?=[0-9'일이삼사오봄여가겨설추광크연하상월화수목금토올내])",
            constant(1),
        ),
        ("dir_next", r"다음\s(?=[0-9일이삼사오봄여가겨월화수목금토])", constant(1)),
        (
            "dir_this",
            r"(?:이번|올)\s?(?=[0-9일이삼사오봄여가겨설추연하상초월화수목금토말중크성])",
            constant(0),
        ),
        ("nth", _ORDINAL, numbers.ordinal),
        ("unit", r"주말", constant("weekend")),
        ("unit", rf"주차?{EDGE}|주(?=[월화수목금토일]요일|\s[월화수목금토일]요일)", constant("week")),
        ("unit", rf"날{EDGE}", constant("day")),
        ("yearpart", rf"(?:연말|세밑)(?!정산|연시|결산){EDGE}", constant("late")),
        ("yearpart", rf"연초{EDGE}", constant("early")),
        ("yearpart", rf"연내{EDGE}", constant("rest")),
        ("monthpart", rf"월말{EDGE}", constant("late")),
        ("monthpart", rf"월초{EDGE}", constant("early")),
        ("season", r"봄(?=$|[^가-힣]|에|부터|까지|의\s|철)", constant(1)),
        ("season", r"여름(?!방학)", constant(2)),
        ("season", r"가을", constant(3)),
        ("season", r"겨울(?!방학)", constant(4)),
        ("weekday", r"(?:,\s)?[월화수목금토일]요일(?!마다|별)|\([월화수목금토일](?:요일)?\)", _weekday),
        (
            "weekend_bare",
            r"(?<!첫\s)(?<!매주\s)(?<!·)주말(?=$|[^가-힣]|에|엔|부터|까지|의\s|동안)",
            constant(None),
        ),
        *_parts(),
        *_holidays(),
    ]


def _parts() -> list[Entry]:
    return [
        ("part", rf"(?:초반|초순|상순|초)(?:께|쯤)?{_END}", constant("early")),
        ("part", rf"(?:중반|중순)(?:께|쯤)?{_END}", constant("mid")),
        ("part", rf"(?:하순|말)(?:께|쯤)?{_END}", constant("late")),
        ("part", rf"전반(?!기){_END}", constant("first")),
        ("part", rf"후반(?!기){_END}", constant("second")),
        ("half", r"전반기", constant(1)),
        ("half", r"후반기", constant(2)),
    ]


def _holidays() -> list[Entry]:
    names = {
        "seollal": r"설날|구정(?=$|[^가-힣]|을|에|연휴)|설(?=\s?(?:연휴|명절|을\s앞|당일|대목|\s전에))",
        "chuseok": r"추석|한가위",
        "buddha": r"석가탄신일|부처님\s?오신\s?날",
        "new_year": rf"새해\s?첫\s?날|신정{EDGE}|새해(?=에\s)",
        "samil": r"삼일절|3·1절",
        "arbor": r"식목일",
        "labour": r"근로자의\s날|노동절|메이데이|국제\s노동자의\s날",
        "children": r"어린이날",
        "parents": r"어버이날",
        "teachers": r"스승의\s날",
        "memorial": r"현충일",
        "constitution": r"제헌절",
        "liberation": r"광복절",
        "armed_forces": r"국군의\s날",
        "foundation": r"개천절",
        "hangeul": r"한글날",
        "christmas_eve": r"크리스마스\s?이브|성탄\s?전야",
        "christmas": r"크리스마스|성탄절",
        "valentine": r"밸런타인\s?데이|발렌타인\s?데이",
        "halloween": r"핼러윈|할로윈",
        "pepero": r"빼빼로\s?데이",
        "thanksgiving": r"추수\s?감사절",
        "black_friday": r"블랙\s?프라이데이",
        "fathers": r"아버지의\s날",
        "mothers": r"어머니의\s날",
        "king": r"마틴\s루터\s킹\s데이",
    }
    return [("holiday", pattern, constant(name)) for name, pattern in names.items()]


def _times() -> list[Entry]:
    return [
        ("noon", r"정오", constant(12)),
        ("noon", r"자정", constant(0)),
        ("daypart", rf"오전(?=\s?(?:[0-9]|{_HOURS}\s?시)|$|[^가-힣]|에)", constant("am")),
        (
            "daypart",
            rf"(?:이른\s|늦은\s)?(?:아침|새벽)(?=\s?(?:[0-9]|{_HOURS}\s?시)|$|[^가-힣]|에)",
            constant("am"),
        ),
        (
            "daypart",
            rf"(?:이른\s|늦은\s)?(?:오후|저녁|낮|점심)(?=\s?(?:[0-9]|{_HOURS}\s?시)|$|[^가-힣]|에)",
            constant("pm"),
        ),
        (
            "daypart",
            rf"(?:이른\s|늦은\s)?(?:밤|심야|한밤중?)(?=\s?(?:[0-9]|{_HOURS}\s?시)|$|[^가-힣]|에)",
            constant("night"),
        ),
        ("clock", r"(?:1[0-2]|[1-9])(?::[0-5][0-9])?\s?(?:[ap]m|[AP]M)(?![a-zA-Z])", _twelve_hours),
        ("clock", r"(?:[01]?[0-9]|2[0-4]):[0-5][0-9](?::[0-5][0-9])?(?![0-9:])", _clock),
        ("hour", rf"(?:[01]?[0-9]|2[0-4])\s?시{_NO_HOUR}", _hour),
        ("hour", rf"{_HOURS}\s?시(?=$|\s|반|에|부터|까지|[일이삼사오]|쯤|경)", _hour),
        (
            "minute",
            r"[0-5]?[0-9]분(?!기|의)|(?:[이삼사오]?십)?[일이삼사오육칠팔구십]분",
            lambda text: numbers.korean(text[:-1]),
        ),
        ("minute", r"반(?=$|[^가-힣]|에|부터|까지|쯤)", constant(30)),
        (
            "second",
            r"[0-5]?[0-9]초(?=$|[^가-힣]|에)|(?:[이삼사오]?십)?[일이삼사오육칠팔구십]초(?=$|[^가-힣]|에)",
            lambda text: numbers.korean(text[:-1]),
        ),
        (
            "paren",
            r"\((?:이하\s)?(?:현지|한국|미국|미\s동부|동부|우리|일본|중국|독일|영국)\s?(?:시간|시각)\)",
            constant(None),
        ),
    ]


LANGUAGE = "ko"
LEXICON = _entries()
LEADS: frozenset[str] = frozenset()
# What may stand between two pieces.
GLUE = re.compile(r"(?:의\s)?\s{0,2}")

FIRST_LETTERS = (
    "0-9'Q일이삼사오육유칠팔구십시한두세석서네넉다여아열몇첫둘셋넷마하나닷엿보며반지저최과앞향돌올금재작내명전직같그동익차당어간엊모글상후"
    "월화수목토요연주설추부새신식근노메국스현제광개크성밸발핼할빼블정늦낮점밤심봄가겨"
)
# What every expression begins with: a cheap look at each word before the lexicon is tried on the few that pass.
OPENINGS = (
    r"(?:'?[0-9]{1,4}\s?(?:[년월일주시달해QH:/.~·-]|분기|사분기|개월|세기|,\s?[0-9]|\s*$)|Q[1-4]|[0-9]{1,2}\s?[apAP]\.?[mM]"
    r"|[일이삼사오육유칠팔구십시]{1,3}\s?(?:[년월일주해]|분기|개월)|이\s?[날달주]"
    r"|(?:한|두|세|석|서|네|넉|다섯|여섯|일곱|여덟|아홉|열|몇|첫|둘|셋|넷)\s?(?:[년해달주일날월화수목금토째]|개월|번)|첫째|둘째|셋째|넷째|마지막"
    r"|하루|이틀|사흘|나흘|닷새|엿새|이레|여드레|아흐레|열흘|보름|며칠|몇일|반년"
    r"|지(?:난|지난|금부터)|저번|최근|과거|앞으로|향후|다음|다다음|다가오는|오[는늘전후]|돌아오는|올|이번|이듬|이튿|금[년월주일]|[재작]작?년|내[년달주일후]|명[년일]"
    r"|전[년월주일날]|직전|이전|전\s?분기|같은|그|동[년월]|익[월일]|차주|당|어[제젯]|간밤|엊그|모레|글피|[상하전후]반기|[월화수목금토일]요일"
    r"|연[말초내]|세밑|월[말초]|주말|[설추]|구정|한가위|석가|부처|새해|신정|삼일절|식목일|근로자|노동절|메이데이|국제\s노|어린이날|어버이|스승"
    r"|현충일|제헌절|광복절|국군|개천절|한글날|크리스|성탄|밸런|발렌|핼러|할로|빼빼로|추수|블랙|아버지|어머니|마틴|정오|자정|아침|새벽|이른|늦은"
    r"|저녁|낮|점심|밤|심야|한밤|봄|여름|가을|겨울)"
)

# Which kinds may begin an expression …
STARTS = words_of(
    "lately coming counted to_date same_period year_rel year_of_text month_rel month_of_text "
    "week_rel week_of_text weekend_rel weekend_bare quarter_rel quarter_of_text day_rel day_of_text ymd years decade year "
    "quarter quarter_year half_year quarters half months month days day md dir dir_next dir_this weekday yearpart holiday "
    "daypart clock hour noon nth"
)
_OF_DAY = words_of("paren weekday daypart hour clock noon")
_OF_MONTH = words_of("day days part nth whole md weekday")
_OF_YEAR = words_of("month months quarter quarters half season part yearpart holiday nth")
_DIRECTED = words_of(
    "year month months quarter quarters half day days season weekday holiday yearpart part md nth ymd years decade"
)
# … and which may follow which.
FOLLOWS: dict[str, frozenset[str]] = {
    "dir": _DIRECTED | {"year_rel"},
    "dir_next": _DIRECTED,
    "dir_this": _DIRECTED,
    "year": _OF_YEAR,
    "year_rel": _OF_YEAR | {"yearpart"},
    "year_of_text": _OF_YEAR,
    "decade": frozenset({"part"}),
    "quarter": frozenset({"part"}),
    "half": frozenset({"part"}),
    "month": _OF_MONTH,
    "month_rel": _OF_MONTH,
    "month_of_text": _OF_MONTH,
    "week_rel": frozenset({"weekday", "part", "unit"}),
    "nth": frozenset({"unit", "weekday"}),
    "unit": frozenset({"weekday"}),
    "ymd": _OF_DAY,
    "md": _OF_DAY,
    "day": _OF_DAY,
    "day_rel": _OF_DAY,
    "day_of_text": _OF_DAY,
    "ago": frozenset({"weekday"}),
    "later": frozenset({"weekday"}),
    "holiday": frozenset({"daypart", "hour"}),
    "weekday": words_of("daypart hour clock noon paren"),
    "daypart": words_of("daypart hour clock"),
    "paren": words_of("daypart hour clock noon"),
    "hour": words_of("minute second noon"),
    "minute": frozenset({"second"}),
}
