"""An article as the query language sees it, and where in it a match stands. Its tags must be prefetched."""

from alerts.matching import evidence
from articles import models as news
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


def document(article: news.Article) -> matches.SearchDocument:
    """The article as the query language sees it. Its tags are prefetched."""
    return matches.SearchDocument(
        id=str(article.pk),
        title=article.title,
        text=article.body,
        author=article.author,
        source=article.outlet.name,
        group=article.source.group,
        url=article.url,
        language=article.language,
        companies=tuple(tag.company.name for tag in article.company_tags.all()),
        themes=tuple(tag.theme.name for tag in article.theme_tags.all()),
        published=article.published_at,
    )
