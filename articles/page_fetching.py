"""Fetch the pages that articles wait for: first a site's rules for robots, then what they allow.

A page that may not or can't be fetched is no loss: the feed's text serves, and the article says why. It is asked for
again hours later; then it replaces the feed's text as a new version of the article. So is one that showed only the
beginning of its article.
"""

import datetime
from collections.abc import Callable, Sequence

from django.conf import settings

from articles import asking, models, robots, store
from articles.feeds import fetch
from articles.feeds import robots as rules

Clock = Callable[[], datetime.datetime]

# A page that can't be had now is asked for again after these seconds, then the feed's text serves.
RETRIES_S = (15, 60)
# Meanwhile it is asked for after each of these waits; where the server said no, after the last one only.
LATER = (datetime.timedelta(hours=1), datetime.timedelta(hours=6), datetime.timedelta(hours=24))
# Attempts that an article counts when the feed's text begins to serve, and when it is asked for the last time.
FIRST_LATER = len(RETRIES_S) + 1
LAST_LATER = FIRST_LATER + len(LATER) - 1
# A page that still waits for its slow host's turn after so long is given up.
LONGEST_WAIT = datetime.timedelta(minutes=15)
DISALLOWED = "the site's robots.txt does not allow us to fetch the page"


class Fetching:
    """Pages under way. Articles wait for their site's rules, then for their page."""

    def __init__(self, web: asking.Asking, *, now: Clock) -> None:
        self.web = web
        self.now = now
        self.agent = rules.product(settings.FETCH_USER_AGENT)
        self.articles: dict[str, list[models.Article]] = {}
        # Addresses of pages by that of the rules they wait for.
        self.parked: dict[str, list[str]] = {}

    def begin(self, articles: Sequence[models.Article]) -> None:
        """Fetch the pages of claimed articles."""
        sites: dict[str, list[str]] = {}
        for article in articles:
            if article.url not in self.articles:
                sites.setdefault(rules.address(article.url), []).append(article.url)
            self.articles.setdefault(article.url, []).append(article)
        known = robots.known([site for site in sites if site and site not in self.parked])
        for site, urls in sites.items():
            if site in self.parked:
                self.parked[site] += urls
            elif not site or site in known:
                self.ask(urls, known.get(site, rules.Policy()))
            else:
                self.parked[site] = urls
                self.web.ask([fetch.Request(site)])

    def go_on(self, response: fetch.Response) -> None:
        """Take an answer: a site's rules, or a page."""
        if response.url in self.parked:
            self.take_rules(response)
            return
        for article in self.articles.pop(response.url, []):
            receive(article, response, now=self.now())

    def take_rules(self, response: fetch.Response) -> None:
        """Keep a site's rules, and ask for the pages that waited for them."""
        urls = self.parked.pop(response.url)
        if response.postponed_s:
            for url in urls:
                self.go_on(fetch.Response(url, url, error=response.error, postponed_s=response.postponed_s))
            return
        policy = rules.policy(status=response.status, body=response.body, error=response.error)
        robots.keep(response.url, policy)
        self.ask(urls, policy)

    def ask(self, urls: Sequence[str], policy: rules.Policy) -> None:
        """Ask for what the rules allow, as slowly as they want."""
        allowed = [url for url in urls if policy.allows(url, agent=self.agent)]
        if allowed and (delay_s := policy.delay_s(agent=self.agent)):
            self.web.keep_apart(fetch.host_of(allowed[0]), delay_s)
        self.web.ask(fetch.Request(url) for url in allowed)
        for url in set(urls).difference(allowed):
            for article in self.articles.pop(url):
                if policy.unreachable:
                    why = f"the site's robots.txt could not be had: {policy.unreachable}"
                    receive(article, fetch.Response(url, url, error=why), now=self.now())
                else:
                    give_up(article, DISALLOWED, now=self.now(), is_refused=True)


def receive(article: models.Article, response: fetch.Response, *, now: datetime.datetime) -> None:
    """Keep a page, or say why there is none."""
    if not response.error and response.body:
        store.store_page(article, response, now=now)
        return
    if response.postponed_s:
        wait_for_turn(article, response, now=now)
        return
    why = response.error or "the page is empty"
    if article.page_attempts < len(RETRIES_S) and may_pass(response):
        wait = datetime.timedelta(seconds=max(RETRIES_S[article.page_attempts], response.retry_after_s or 0))
        store.postpone_page(article, why, until=now + min(wait, datetime.timedelta(minutes=5)))
    else:
        give_up(article, why, now=now, is_refused=not may_pass(response))


def give_up(article: models.Article, why: str, *, now: datetime.datetime, is_refused: bool) -> None:
    """Let the feed's text serve, and ask again later unless that was done often enough."""
    attempts = max(article.page_attempts + 1, LAST_LATER if is_refused else FIRST_LATER)
    wait = LATER[attempts - FIRST_LATER] if attempts <= LAST_LATER else None
    store.give_up_page(article, why, attempts=attempts, again_at=now + wait if wait else None)


def ask_again(articles: Sequence[models.Article], *, now: datetime.datetime) -> None:
    """Ask once more, later, for pages that were had and showed only the beginning of their articles."""
    models.Article.objects.filter(
        pk__in=[article.pk for article in articles],
        stage=models.Article.Stage.READY,
        page_attempts__lt=LAST_LATER,
    ).update(page_due_at=now + LATER[-1], page_attempts=LAST_LATER)


def wait_for_turn(article: models.Article, response: fetch.Response, *, now: datetime.datetime) -> None:
    """Put a page off that was not asked for; that is no attempt, but nobody waits for ever."""
    if article.stage == models.Article.Stage.PAGE and now - article.first_seen_at > LONGEST_WAIT:
        give_up(article, response.error, now=now, is_refused=False)
        return
    until = now + datetime.timedelta(seconds=response.postponed_s)
    models.Article.objects.filter(pk=article.pk, stage=article.stage).update(page_due_at=until)


def may_pass(response: fetch.Response) -> bool:
    """Whether asking again can help: not where the server said no."""
    return response.status == 0 or response.status in (408, 425, 429) or response.status >= 500
