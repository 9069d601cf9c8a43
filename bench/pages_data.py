"""What a newsroom has beside a year's articles: evidence, events, quotations, polls, marks, alerts and their mails.

Rows are made in the database out of the articles of bench.search_data, as many as each kind has in a year's news:
about three places an article that speak for its tags, an event report for each article, a quotation for every other,
two hundred sources with their polls. Some things are as large as they get: a story of 200 articles, articles of 20
mentions, an alert that every fifth article hits. Numbers are hashes of ids, so that each filling is alike.
"""

import datetime
import secrets

import psycopg

READER = "analyst"
EDITOR = "editor"
SOURCES = 240
DAYS = 365
# The newest articles are read most: they alone have kept pages, versions and crowded texts.
RECENT = 20_000
CROWDED = 2_000
LARGE_STORY = 200
# What each row's numbers are drawn from: a hash of an id and of what it is for, 0 to 2^31.
CHANCE = "(hashint8extended({id}, {salt}) & 2147483647)"

SOURCE_ROWS = """
INSERT INTO articles_source (outlet_id, title, url, kind, selector, "group", language, time_zone, fetch_pages, enabled,
    is_sample, etag, last_modified, body_hash, wall_clock_as_utc, clock_is_right, hints, about, push_works, moved_to,
    moved_times, moved_from, off_because, last_polled_at, last_success_at, next_poll_at, deaths, failures, last_error)
SELECT outlet.id, 'Section ' || n, 'http://127.0.0.1/' || outlet.id || '/' || n, 'feed', '', 'Group ' || n %% 7, 'ko',
    'Asia/Seoul', true, true, false, '', '', '', false, false, '{{}}', '{{}}', false, '', 0, '', '', %(end)s, %(end)s,
    %(end)s, 0, CASE WHEN n = 4 AND outlet.id %% 9 = 0 THEN 3 ELSE 0 END, ''
FROM articles_outlet AS outlet, generate_series(2, %(sources)s / 80) AS n
"""
POLLS = """
INSERT INTO articles_poll (source_id, at, outcome, status, detail, entries, new, updated, elapsed_ms)
SELECT source.id, %(end)s::timestamptz - n * interval '30 minutes',
    CASE WHEN n %% 3 = 0 THEN 'stored' WHEN n %% 50 = 1 THEN 'failed' ELSE 'unchanged' END, 200, '', 20, n %% 3, 0, 150
FROM articles_source AS source, generate_series(0, 90 * 48) AS n
"""
APPEARANCES = """
INSERT INTO articles_appearance (source_id, entry_key, entry_id, url, title, content_hash, content_at, first_seen_at,
    last_seen_at, fate, reason, tries, article_id)
SELECT source_id, id, '', url, title, '', published_at, published_at,
    CASE WHEN id < %(number)s - 4000 THEN published_at END, 'stored', '', 0, id
FROM articles_article
"""
# Two places for each tag, at the beginning of the text; a crowded article has twenty in all.
MENTIONS = """
INSERT INTO articles_mention (article_id, kind, company_id, theme_id, field, start, "end", text, rule, confidence)
SELECT article.id, tag.kind, tag.company, tag.theme, 'text', place, place + 4, substr(body, place + 1, 4), 'alias', 0.9
FROM (
    SELECT article_id, 'company' AS kind, company_id AS company, NULL::bigint AS theme FROM articles_companytag
    UNION ALL SELECT article_id, 'theme', NULL, theme_id FROM articles_themetag
) AS tag
JOIN articles_article AS article ON article.id = tag.article_id,
    generate_series(0, CASE WHEN article.id > %(number)s - {crowded} THEN 9 ELSE 1 END) AS n,
    LATERAL (SELECT (40 * n + 7 * (coalesce(tag.company, tag.theme + 5) %% 6))::int AS place) AS at
"""
STORY = """
UPDATE articles_article SET story_id = %(story)s, story_joined_id = %(story)s,
    near_duplicate_of_id = CASE WHEN id %% 5 = 0 THEN %(story)s END
WHERE id > %(story)s AND id <= %(story)s + {large} * 2 AND id %% 2 = 0
"""
RECOUNT = """
UPDATE articles_story AS story SET article_count = n, outlet_count = outlets, first_at = first, last_at = last,
    copy_count = copies, headline_id = head
FROM (
    SELECT old.id, count(article.id) AS n, count(DISTINCT outlet_id) AS outlets, count(near_duplicate_of_id) AS copies,
        coalesce(min(published_at), old.first_at) AS first, coalesce(max(published_at), old.first_at) AS last,
        min(article.id) AS head
    FROM articles_story AS old LEFT JOIN articles_article AS article ON article.story_id = old.id
    WHERE old.last_at >= %(since)s GROUP BY old.id
) AS counted WHERE counted.id = story.id
"""
# Three articles in a row tell of one event, each of its companies; past ones, and years ahead.
EVENTS = """
INSERT INTO articles_event (id, starts_on, ends_on, precision, relation, sentence, certainty, report_count,
    outlet_count, first_reported_at, is_sample)
SELECT id, day, day + CASE kind WHEN 'day' THEN 0 WHEN 'month' THEN 29 ELSE 364 END, kind,
    CASE WHEN day <= published_at::date THEN CASE WHEN drawn %% 3 = 0 THEN 'reported' ELSE 'past' END
        WHEN drawn %% 3 = 0 THEN 'goal' ELSE 'planned' END,
    substr(body, 1, 120), 0.8, 3, 3, published_at, false
FROM (
    SELECT *, published_at::date + CASE WHEN drawn %% 10 < 6 THEN (drawn %% 7)::int - 5
        WHEN drawn %% 10 < 8 THEN (drawn / 10 %% 90)::int ELSE (drawn / 10 %% 3000)::int - 1500 END AS day,
        (ARRAY['day', 'day', 'day', 'month', 'year'])[1 + drawn / 7 %% 5] AS kind
    FROM (SELECT id, published_at, body, {chance} AS drawn FROM articles_article WHERE id %% 3 = 1) AS made
) AS dated
"""
REPORTS = """
INSERT INTO articles_eventreport (id, event_id, article_id, field, start, "end", sentence, sentence_start, when_text,
    when_start, when_end, starts_on, ends_on, precision, relation, rule, confidence, companies, themes, published_at)
SELECT article.id, event.id, article.id, 'text', 0, 60, substr(article.body, 1, 120), 0, substr(article.body, 1, 5),
    0, 5, event.starts_on, event.ends_on, event.precision, event.relation, 'day', 0.8, '{{}}', '{{}}',
    article.published_at
FROM articles_article AS article JOIN articles_event AS event ON event.id = article.id - (article.id - 1) %% 3
"""
TOLD = "UPDATE articles_event SET told_by_id = id"
EVENT_TIES = """
INSERT INTO articles_event{kind} (event_id, {kind}_id, starts_on, ends_on)
SELECT event.id, tag.{kind}_id, event.starts_on, event.ends_on
FROM articles_event AS event JOIN articles_{kind}tag AS tag ON tag.article_id = event.id
"""
QUOTES = """
INSERT INTO articles_quote (article_id, company_id, speaker, role, affiliation, text, field, start, "end", confidence,
    said_at)
SELECT DISTINCT ON (article.id) article.id, tag.company_id, '김민수', '대표', '', substr(body, 20, 80), 'text', 20, 100,
    0.8, article.published_at
FROM articles_article AS article JOIN articles_companytag AS tag ON tag.article_id = article.id
WHERE article.id %% 2 = 0
"""
PAGES = """
INSERT INTO articles_page (article_id, url, fetched_at, markup, content_type, regions)
SELECT id, url, published_at, '', 'text/html', jsonb_build_array(
    jsonb_build_object('kind', 'title', 'text', title), jsonb_build_object('kind', 'body', 'text', body),
    jsonb_build_object('kind', 'related', 'text', substr(body, 1, 60)))
FROM articles_article WHERE id > %(number)s - {recent}
"""
VERSIONS = """
INSERT INTO articles_version (article_id, number, title, body, replaced_at, is_outlets)
SELECT id, 1, title || ' (1)', substr(body, 30), published_at, true
FROM articles_article WHERE id > %(number)s - {recent} AND id %% 10 = 0
"""
VERSIONED = """
UPDATE articles_article SET version = 2, changed_at = published_at WHERE id > %(number)s - {recent} AND id %% 10 = 0
"""
MARKS = """
INSERT INTO articles_mark (reader_id, article_id, read_at, starred_at, note)
SELECT %(reader)s, id, %(end)s, CASE WHEN id %% 500 = 0 THEN %(end)s::timestamptz END,
    CASE WHEN id %% 2000 = 0 THEN 'To be read again before the meeting.' ELSE '' END
FROM articles_article WHERE id %% 10 = 0
"""
HITS = """
INSERT INTO alerts_hit (alert_id, article_id, at, spans, held)
SELECT %(alert)s, article_id, published_at, '[["text", 10, 14]]', CASE WHEN article_id %% 4 = 0 THEN 'same' ELSE '' END
FROM articles_companytag WHERE company_id = %(company)s
"""
DELIVERIES = """
INSERT INTO alerts_delivery (id, recipient_id, state, created_at, held, urgent, due_at, attempts, sent_at, message_id,
    subject, error)
SELECT min(id), %(reader)s, 'sent', min(at), 'digest', false, min(at), 1, min(at), alert_id || '-' || min(id), 'News',
    ''
FROM alerts_hit WHERE held = '' GROUP BY alert_id, date_trunc('hour', at)
"""
DELIVERED = """
INSERT INTO alerts_delivery_alerts (delivery_id, alert_id)
SELECT delivery.id, hit.alert_id FROM alerts_delivery AS delivery JOIN alerts_hit AS hit ON hit.id = delivery.id
"""
TOLD_HITS = """
INSERT INTO alerts_deliveryhit (delivery_id, hit_id, news, outlets)
SELECT min(id) OVER (PARTITION BY alert_id, date_trunc('hour', at)), id, '', 3 FROM alerts_hit WHERE held = ''
"""
# What alerts and lanes are of: the most frequent, a rarer one and two themes.
ALERTS = ("company:LG", "company:LG화학", "company:삼성전자", "theme:AI", "수소 OR 배터리")
SAVED = ("LG 배터리", "theme:AI company:삼성전자", '"재생 에너지"', "is:starred", "인공지능 NEAR/5 반도체")
TABLES = (
    *("poll", "appearance", "mention", "event", "eventreport", "eventcompany", "eventtheme", "quote", "page"),
    *("version", "mark"),
)
INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE tablename = ANY(%s) AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""


def fill(url: str, number: int, end: datetime.datetime) -> None:
    """Add all this to a database of `number` articles, whose newest is of `end`."""
    person = people()
    given = {"number": number, "end": end, "sources": SOURCES, "reader": person}
    given |= {"since": end - datetime.timedelta(days=3), "story": number - 3 * LARGE_STORY}
    with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET maintenance_work_mem = '1500MB'")
        tables = [f"articles_{name}" for name in TABLES]
        indexes = connection.execute(INDEXES, [tables]).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        for sql in statements():
            connection.execute(sql, given)
        for _, definition in indexes:
            connection.execute(definition)
    alerts_of(person, url, end)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        # Their keys were given.
        for table in ("articles_event", "articles_eventreport", "alerts_delivery"):
            connection.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
            )


def statements() -> list[str]:
    """What fills the tables of the news, in order."""
    sizes = {"crowded": CROWDED, "large": LARGE_STORY, "recent": RECENT}
    sizes |= {"chance": CHANCE.format(id="id", salt=7)}
    ties = [EVENT_TIES.format(kind=kind) for kind in ("company", "theme")]
    plain = [SOURCE_ROWS, POLLS, APPEARANCES, MENTIONS, STORY, RECOUNT, EVENTS, REPORTS, TOLD, *ties]
    return [sql.format(**sizes) for sql in (*plain, QUOTES, PAGES, VERSIONS, VERSIONED, MARKS)]


def people() -> int:
    """An analyst with lanes and saved searches, and an editor; returns the analyst's key."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415 - the settings are known only when it runs
    from django.utils import timezone  # noqa: PLC0415

    from articles import models  # noqa: PLC0415

    made = get_user_model().objects
    secret = secrets.token_urlsafe(20)
    made.create_superuser(EDITOR, "editor@127.0.0.1", secret)
    reader = made.create_user(READER, "analyst@127.0.0.1", secret)
    themes = models.Theme.objects.order_by("position", "pk")[:2]
    companies = [models.Company.objects.get(name=name) for name in ("LG", "삼성전자")]
    lanes = [{"theme": one} for one in themes] + [{"company": one} for one in companies]
    for position, lane in enumerate(lanes):
        models.Watch.objects.create(reader=reader, position=position, **lane)
    for position, query in enumerate(SAVED):
        models.SavedSearch.objects.create(
            owner=reader, name=f"Search {position}", query=query, created_at=timezone.now(), position=position
        )
    return int(reader.pk)


def alerts_of(reader: int, url: str, end: datetime.datetime) -> None:
    """The analyst's alerts with a year's hits and mails."""
    from alerts import models  # noqa: PLC0415
    from articles import models as news  # noqa: PLC0415

    for name, query in zip(("LG", "LG화학", "삼성전자", "", ""), ALERTS, strict=True):
        began = end - datetime.timedelta(days=DAYS)
        alert = models.Alert.objects.create(
            owner_id=reader, name=query, query=query, created_at=began, active_since=began
        )
        if name:
            company = news.Company.objects.get(name=name).pk
            with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
                connection.execute(HITS, {"alert": alert.pk, "company": company})
    with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        for sql in (DELIVERIES, DELIVERED, TOLD_HITS):
            connection.execute(sql, {"reader": reader})
