"""The tables, one file each; constraints and query sets live beside them."""

from articles.models.article import Appearance, Article, Outbox, Page, Version
from articles.models.outlet import Outlet
from articles.models.source import Poll, Source
from articles.models.tags import CompanyTag, Mention, ThemeTag
from articles.models.watchlist import Alias, Company, Theme, ThemeTerm, WatchlistState

__all__ = [
    "Alias",
    "Appearance",
    "Article",
    "Company",
    "CompanyTag",
    "Mention",
    "Outbox",
    "Outlet",
    "Page",
    "Poll",
    "Source",
    "Theme",
    "ThemeTag",
    "ThemeTerm",
    "Version",
    "WatchlistState",
]
