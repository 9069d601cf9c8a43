"""Mail programs drop a page's styles: what a mail looks like has to stand in its elements."""

import css_inline

# Rules for the dark and for small screens can't stand in an element, and are kept for the programs that read them.
INLINER = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def inlined(page: str) -> str:
    """The page with its styles in its elements."""
    return INLINER.inline(page)
