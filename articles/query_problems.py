"""What can be wrong with a query, for translation: the parser itself knows only English."""

from django.utils.translation import gettext, gettext_noop

from articles.search import query

TEMPLATES = (
    gettext_noop("NEAR stands between words, phrases, or words joined by OR."),
    gettext_noop("ATLEAST counts words, phrases, NEAR, or words joined by OR."),
    gettext_noop("“*” stands at the end of a word; “~” finds letters anywhere: ~전자."),
    gettext_noop("“?” stands for no letter here; use “*” at the end, or /a.b/."),
    gettext_noop("Similar spellings are not searched for; write them with OR, or use “*” at the end."),
    gettext_noop("Words have no weights here; take “^” and the number out."),
    gettext_noop("The query is longer than %(most)s characters."),
    gettext_noop("“%(operator)s” joins two sides and one is missing; put it in quotes to search for it."),
    gettext_noop(
        "“%(text)s” is no date or period; write 2026-03-15, 2026-03, 2026-01..2026-03, 7d or last-week."
    ),
    gettext_noop("The query is empty; type a word to search for."),
    gettext_noop("This parenthesis closes nothing; take it out, or open one before it."),
    gettext_noop("This query only excludes; add something that must be there, as in “AI -chips”."),
    gettext_noop("The distance of NEAR is from 1 to %(most)s words."),
    gettext_noop("Something is missing at the end: a word, a phrase or a parenthesis."),
    gettext_noop("There is nothing before this parenthesis; type a word or take it out."),
    gettext_noop("Parentheses are nested deeper than %(most)s."),
    gettext_noop("This parenthesis is never closed; add one where it ends."),
    gettext_noop("ATLEAST takes a number from 1 to %(most)s."),
    gettext_noop("ATLEAST counts words of one place, not of a region and the text."),
    gettext_noop("SENTENCE holds words, phrases and NEAR, with AND, OR and NOT, of the title and the body."),
    gettext_noop("This SENTENCE only excludes; add something that must be in the sentence."),
    gettext_noop("This field stands inside the parentheses of the field “%(outer)s”."),
    gettext_noop("The field “%(name)s” needs a value right after the colon."),
    gettext_noop("There is no field “%(name)s”; there are %(fields)s. Put it in quotes to search for it."),
    gettext_noop(
        "“%(text)s” is no kind of region; there are %(values)s. Words stand in parentheses: region:(word)."
    ),
    gettext_noop("“%(sign)s” must be followed by a word or a phrase."),
    gettext_noop("The query has more than %(most)s words."),
    gettext_noop("A regular expression looks in the title and the body only."),
    gettext_noop("“%(sign)s” means nothing in the field “%(name)s”."),
    gettext_noop("The query has more than %(most)s regular expressions."),
    gettext_noop("“%(text)s” is no number to compare with; write >=5, <5, 5 or 3..5."),
    gettext_noop("“%(text)s” is no value of “%(name)s”; there are %(values)s."),
    gettext_noop("A story is named by its number, as its address has it: story:123."),
    gettext_noop("“~” looks in the title and the body; it can't be limited to the lead or a region."),
    gettext_noop("“~” needs at least %(least)s letters."),
    gettext_noop("There is no letter or digit to search for here."),
    gettext_noop("“*” means nothing in quotation marks; write 재생 ONEAR/1 에너*."),
    gettext_noop("A distance is written between two words: a NEAR/5 b."),
    gettext_noop("“*” follows the beginning of one word, at least %(least)s letters."),
    gettext_noop("NEAR stands between words of one place, not of a region and the text."),
    gettext_noop("This NEAR has too many combinations; name fewer words or less distance."),
    gettext_noop("“%(sign)s” must touch what it is about; take it out or join it."),
    gettext_noop("This quotation mark is never closed; add one at the end of the phrase."),
    gettext_noop("This regular expression is never closed; add “/”, or put the text in quotes."),
    gettext_noop("The saved search “%(name)s” makes the query longer than %(most)s words."),
    gettext_noop("The saved search “%(name)s” refers to itself."),
    gettext_noop("There is no saved search “%(name)s”."),
    gettext_noop("The saved search “%(name)s” can’t be read: %(problem)s"),
    gettext_noop("After the closing “/” only “i” may stand: capitals don’t count."),
    gettext_noop("The regular expression is longer than %(most)s characters."),
    gettext_noop("This regular expression is found in every text; ask for a character at least."),
    gettext_noop("This regular expression repeats too much; use smaller numbers."),
    gettext_noop("There is nothing to repeat here; write “\\%(sign)s” for the sign itself."),
    gettext_noop("Two signs of repetition stand side by side; take one out."),
    gettext_noop("Write {2}, {2,} or {2,5}, or “\\{” for the sign itself."),
    gettext_noop("A repetition is from 0 to %(most)s times, the smaller number first."),
    gettext_noop("A regular expression can’t refer back to a group; write out what is meant."),
    gettext_noop("“\\%(sign)s” means nothing here; there are \\d, \\w, \\s, \\b, \\n and \\t."),
    gettext_noop("There is nothing between these brackets."),
    gettext_noop("Write \\d, \\w, \\s or a range such as [가-힣] here."),
    gettext_noop("The range “%(first)s-%(last)s” is upside down."),
    gettext_noop("“%(sign)s” is more than one character; put it outside the brackets."),
    gettext_noop("Nothing that looks ahead or back, and no names or flags: a group is written (…) or (?:…)."),
    gettext_noop("This bracket is never closed; add “]”, or write “\\[” for the sign itself."),
)


def message(problem: query.QueryError) -> str:
    """What is wrong with a query, in the reader's language."""
    template = gettext(problem.template)
    return template % problem.values if problem.values else template
