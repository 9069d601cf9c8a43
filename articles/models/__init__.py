"""The tables, one file each; constraints and query sets live beside them."""

from articles.models.article import Article, Outbox, Page, Version
from articles.models.collection import Collection, CollectionItem, CollectionSection
from articles.models.event import (
    Event,
    EventCompany,
    EventReport,
    EventsDue,
    EventTheme,
    Quote,
)
from articles.models.ledger import Appearance
from articles.models.mark import Mark
from articles.models.notice import Notice, NoticeMail
from articles.models.outlet import Outlet
from articles.models.page_rules import PageRules, Rereading
from articles.models.retagging import Retagging, TagChange
from articles.models.rollup import DayCount, HourCount, RollupMark, RollupPart
from articles.models.saved_search import SavedSearch
from articles.models.search_row import SearchRow
from articles.models.setback import Attempt, Setback
from articles.models.share import Share
from articles.models.source import Poll, Source
from articles.models.story import Story, StoryEdit, StoryPrint
from articles.models.subscription import Subscription, new_token
from articles.models.suggestion import Suggestion
from articles.models.tags import CompanyTag, Mention, ThemeTag
from articles.models.verdict import TagVerdict, WithdrawnTag
from articles.models.watch import Watch
from articles.models.watchlist import Alias, Company, Theme, ThemeTerm, WatchlistState
from articles.models.watchlist_import import WatchlistImport

__all__ = [
    "Alias",
    "Appearance",
    "Article",
    "Attempt",
    "Collection",
    "CollectionItem",
    "CollectionSection",
    "Company",
    "CompanyTag",
    "DayCount",
    "Event",
    "EventCompany",
    "EventReport",
    "EventTheme",
    "EventsDue",
    "HourCount",
    "Mark",
    "Mention",
    "Notice",
    "NoticeMail",
    "Outbox",
    "Outlet",
    "Page",
    "PageRules",
    "Poll",
    "Quote",
    "Rereading",
    "Retagging",
    "RollupMark",
    "RollupPart",
    "SavedSearch",
    "SearchRow",
    "Setback",
    "Share",
    "Source",
    "Story",
    "StoryEdit",
    "StoryPrint",
    "Subscription",
    "Suggestion",
    "TagChange",
    "TagVerdict",
    "Theme",
    "ThemeTag",
    "ThemeTerm",
    "Version",
    "Watch",
    "WatchlistImport",
    "WatchlistState",
    "WithdrawnTag",
    "new_token",
]
