"""What recognition's rules are called in the reader's language. A rule that is not here is shown as it is."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

RULES = {
    "name": _("the name itself"),
    "legal form beside the name": _("a legal form such as Inc. beside the name"),
    "stock code behind the name": _("a stock code behind the name"),
    "a word that goes with companies is attached": _("a word that goes with companies is attached to it"),
    "introduced as a share": _("introduced as a share"),
    "introduced as a company": _("introduced as a company"),
    "its country stands before it": _("its country stands before it"),
    "a business word follows": _("a business word follows"),
    "listed among companies": _("listed among companies"),
    "an executive follows": _("an executive is named right after it"),
    "a person's name": _("a person’s name"),
    "acts as a company": _("does what companies do"),
    "opens the headline, a business word follows": _("opens the headline, and a business word follows"),
    "opens the headline of a deal": _("opens the headline of a deal"),
    "opens the headline": _("opens the headline"),
    "opens a business headline": _("opens a business headline"),
    "the sentence speaks of business": _("the sentence speaks of business"),
    "the sentence speaks of sport": _("the sentence speaks of sport"),
    "team: the sentence speaks of sport": _("the sentence speaks of sport"),
    "companies beside it": _("other companies stand beside it"),
    "named for certain elsewhere": _("named beyond doubt elsewhere in the article"),
    "its name is that of an event": _("its name is that of an event"),
    "an athlete's sponsor": _("an athlete’s sponsor"),
    "an athlete's name": _("an athlete’s name"),
    "opens a notice of its own": _("opens a notice of its own"),
    "the sentence speaks of its trade": _("the sentence speaks of its trade"),
    "opens a headline of its trade": _("opens a headline of its trade"),
    "named as a partner": _("named as a partner"),
    "owns what companies own": _("owns what companies own"),
    "written as a name": _("written as a name"),
}
# A theme's rules end with what the term weighs: "term of the theme (+1.5)".
OF_THEMES = {
    "term of the theme": _("term of the theme"),
    "term beside another in its sentence": _("term beside another in its sentence"),
    "term beside another in the document": _("term beside another in the article"),
}
# Rules that name somebody else: how they begin, and what they are called.
WITH_NAME = {
    "named together with ": _("named together with %(name)s"),
    "a slip away from ": _("one slip of the pen away from %(name)s"),
}


def words_for(rule: str) -> str:
    """The rule in the reader's language."""
    if rule in RULES:
        return str(RULES[rule])
    of_theme, _space, weight = rule.partition(" (")
    if of_theme in OF_THEMES:
        return f"{OF_THEMES[of_theme]} ({weight}" if weight else str(OF_THEMES[of_theme])
    for beginning, template in WITH_NAME.items():
        if rule.startswith(beginning):
            return str(template) % {"name": rule.removeprefix(beginning)}
    return rule or gettext("no reason was kept")


def is_known(rule: str) -> bool:
    """Whether there are words for this rule."""
    return rule in RULES or rule.partition(" (")[0] in OF_THEMES or rule.startswith(tuple(WITH_NAME))
