"""What can be wrong with a query, for translation: the parser itself knows only English."""

from django.utils.translation import gettext, gettext_noop

from articles.search import query

TEMPLATES = (
    gettext_noop("The query is longer than %(most)s characters."),
    gettext_noop("“%(sign)s” must touch what it is about; take it out or join it."),
    gettext_noop("This quotation mark is never closed; add one at the end of the phrase."),
    gettext_noop("“%(operator)s” joins two sides and one is missing; put it in quotes to search for it."),
    gettext_noop("The query is empty; type a word to search for."),
    gettext_noop("This parenthesis closes nothing; take it out, or open one before it."),
    gettext_noop("This query only excludes; add something that must be there, as in “AI -chips”."),
    gettext_noop("The distance of NEAR is from 1 to %(most)s words."),
    gettext_noop("Something is missing at the end: a word, a phrase or a parenthesis."),
    gettext_noop("There is nothing before this parenthesis; type a word or take it out."),
    gettext_noop("Parentheses are nested deeper than %(most)s."),
    gettext_noop("This parenthesis is never closed; add one where it ends."),
    gettext_noop("There is no field “%(name)s”; there are %(fields)s. Put it in quotes to search for it."),
    gettext_noop("This field stands inside the parentheses of the field “%(outer)s”."),
    gettext_noop("The field “%(name)s” needs a value right after the colon."),
    gettext_noop("“%(sign)s” must be followed by a word or a phrase."),
    gettext_noop("The query has more than %(most)s words."),
    gettext_noop("“~” looks in the title and the body; it can't be limited to the lead."),
    gettext_noop("“~” needs at least %(least)s letters."),
    gettext_noop("There is no letter or digit to search for here."),
    gettext_noop("“*” follows the beginning of one word, at least %(least)s letters."),
    gettext_noop("This NEAR has too many combinations; name fewer words or less distance."),
    gettext_noop("NEAR stands between words, phrases, or words joined by OR."),
    gettext_noop("There is no saved search “%(name)s”."),
    gettext_noop("The saved search “%(name)s” refers to itself."),
    gettext_noop("The saved search “%(name)s” makes the query longer than %(most)s words."),
    gettext_noop("The saved search “%(name)s” can’t be read: %(problem)s"),
    gettext_noop("“%(text)s” is no date or period; write 2026-03-15, 2026-03, 2026-01..2026-03 or 7d."),
)


def message(problem: query.QueryError) -> str:
    """What is wrong with a query, in the reader's language."""
    template = gettext(problem.template)
    return template % problem.values if problem.values else template
