"""What readers call the shipped sub-themes. An editor's own are called as she wrote them."""

from django.utils.translation import gettext, gettext_noop

SHIPPED = (
    gettext_noop("assistants and speech"),
    gettext_noop("batteries"),
    gettext_noop("biofuels"),
    gettext_noop("carbon"),
    gettext_noop("CCUS"),
    gettext_noop("cells and genes"),
    gettext_noop("chips"),
    gettext_noop("diagnostics"),
    gettext_noop("drugs"),
    gettext_noop("electric vehicles"),
    gettext_noop("fusion and nuclear"),
    gettext_noop("grids"),
    gettext_noop("hydrogen"),
    gettext_noop("language models"),
    gettext_noop("medical devices"),
    gettext_noop("recycling"),
    gettext_noop("robots"),
    gettext_noop("self-driving"),
    gettext_noop("solar"),
    gettext_noop("vaccines"),
    gettext_noop("vision"),
    gettext_noop("water and heat"),
    gettext_noop("wind"),
)


def label(name: str) -> str:
    """A sub-theme's name in the reader's language, if it is a shipped one."""
    return gettext(name) if name in SHIPPED else name
