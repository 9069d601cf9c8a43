"""An article as the query language sees it, and where in it a match stands. Its tags must be prefetched."""

import datetime
from collections.abc import Collection, Iterator

from alerts.matching import evidence
from articles import chronicle, regions
from articles import models as news
from articles.pages import walls
from articles.search import matches, query

# More places where a tag's evidence stands are not kept with a hit.
MOST_EVIDENCE = 40

# Where an article matches: [field, start, end].
Spans = list[list[str | int]]


def spans(match: matches.Match, ast: query.Query, article: news.Article) -> Spans:
    """Where the article matches: the query's words, and the evidence of the tags it asks for."""
    found: Spans = [[span.field, span.start, span.end] for span in match.spans]
    asked = evidence.tags_asked_for(ast)
    if asked:
        mentions = [mention for mention in article.mentions.all() if tag_of(mention) in asked]
        mentions.sort(key=lambda mention: (mention.field, mention.start))
        found += [[mention.field, mention.start, mention.end] for mention in mentions[:MOST_EVIDENCE]]
    return found


def tag_of(mention: news.Mention) -> evidence.Tag | None:
    """The tag that a mention is evidence for; a sports team's is for none."""
    match mention.kind:
        case news.Mention.Kind.COMPANY if mention.company:
            return evidence.tag("company", mention.company.name)
        case news.Mention.Kind.THEME if mention.theme:
            return evidence.tag("theme", mention.theme.name)
    return None


def document(article: news.Article, needs: Collection[str] = ()) -> matches.SearchDocument:
    """The article as the query language sees it, as nobody's: neither read nor starred, without a note.

    Its tags are prefetched. What few queries ask for is left out unless it is among `needs` (`evidence.needs`).
    """
    companies, themes = article.company_tags.all(), article.theme_tags.all()
    people, events = told(article) if {"people", "events"} & set(needs) else ((), ())
    return matches.SearchDocument(
        id=str(article.pk),
        title=article.title,
        text=article.body,
        author=article.author,
        source=article.outlet.name,
        group=article.source.group,
        url=article.url,
        language=article.language,
        companies=tuple(tag.company.name for tag in companies),
        themes=tuple(tag.theme.name for tag in themes),
        published=article.published_at,
        subthemes=tuple(f"{tag.theme.name}/{part}" for tag in themes for part in tag.subthemes),
        above={tag.company.name: above(tag.company) for tag in companies},
        confidences={tag.company.name: tag.confidence for tag in companies},
        regions=page_regions(article) if "regions" in needs else (),
        people=tuple(speaker for speaker in people if speaker),
        story=str(article.story_id or ""),
        outlets=article.story.outlet_count if article.story else 1,
        states=(*states(article), *["quote"] * bool(people), *["event"] * bool(events)),
        seen=article.first_seen_at,
        changed=article.changed_at,
        events=events,
    )


def above(company: news.Company) -> tuple[str, ...]:
    """The names of the companies above one in the watch list."""
    found: dict[str, None] = {}
    while (company := company.parent) and company.name not in found:  # type: ignore[assignment]
        found[company.name] = None
    return tuple(found)


def states(article: news.Article) -> Iterator[str]:
    """What is so of an article, as "is:" and "has:" ask for it."""
    if article.near_duplicate_of_id is not None:
        yield "duplicate"
    if article.page_error in walls.NOTES:
        yield "walled"
    if article.is_sample:
        yield "sample"
    if article.text_from == news.Article.TextFrom.PAGE:
        yield "page"


def page_regions(article: news.Article) -> tuple[tuple[str, str], ...]:
    """What the article's page has besides its text. One query, two if the feed's regions are not at hand."""
    of_page = news.Page.objects.filter(article=article).values_list("regions", flat=True).first()
    return tuple(regions.searched(article, of_page or []))


def told(article: news.Article) -> tuple[tuple[str, ...], tuple[tuple[datetime.date, datetime.date], ...]]:
    """Who speaks in an article (an empty name is a speaker without one), and the days of the events that it tells of.

    Read from the text, as it will be when the article's turn comes (articles.chronicle). Three queries.
    """
    people: list[str] = []
    days: list[tuple[datetime.date, datetime.date]] = []
    for text in chronicle.texts([article.pk]):
        people += [said.quote.speaker for said in chronicle.sayings_of(text)]
        whens = [telling.event.when for telling in chronicle.tellings_of(text)]
        days += [(when.first_day, when.last_day) for when in whens]
    return tuple(people), tuple(days)
