"""Pages written for these tests: invented outlets, people and events, in the shapes that real pages have."""

import html

KOREAN_BODY = (
    "[새벽일보 = 김하늘 기자] 한빛전자가 전고체 배터리 시험 생산을 시작했다고 12일 밝혔다.",
    "회사는 경남 창원 공장에 시험 생산 라인을 들이고 내년 상반기까지 수율을 90%로 끌어올릴 계획이다.",
    '이도윤 대표는 "오래 준비한 기술이 이제 제품이 된다"며 "안전을 먼저 확인하겠다"고 말했다.',
    "업계에서는 이번 투자가 △소재 △장비 △재활용 업체에 고루 영향을 줄 것으로 본다.",
    "다만 양산까지는 시간이 더 걸릴 전망이다. 한빛전자는 2028년 양산을 목표로 하고 있다.",
)
KOREAN_TITLE = '한빛전자, 전고체 배터리 시험 생산…"2028년 양산"'
KOREAN_HEADLINES = (
    '"문 닫겠다"던 빵집, 하루 만에 줄 선 까닭',
    "바다에 빠진 시민 구한 배달 기사…시청 표창",
    "가을 산불 주의보…등산로 열두 곳 막는다",
)

ENGLISH_BODY = (
    "Harbor Cells said on Tuesday that it will open a battery recycling plant near the port of Eastholm next spring.",
    "The company, which was founded in 2014, expects to treat 20,000 tonnes of spent cells a year at the new site.",
    '"We want the metals to stay in the loop," said Maria Lindqvist, its chief executive, in an interview.',
    "Analysts welcomed the plan but warned that prices for recovered nickel have fallen by a third since January.",
)
ENGLISH_TITLE = "Harbor Cells to open battery recycling plant"


def paragraphs(lines: tuple[str, ...], tag: str = "p") -> str:
    return "".join(f"<{tag}>{html.escape(line)}</{tag}>" for line in lines)


def korean_page(*, article: str = "", head: str = "") -> str:
    """A page as a Korean daily makes it, with menus, share buttons, a signature and lists of other stories."""
    article = article or paragraphs(KOREAN_BODY)
    links = "".join(
        f'<li><a href="/a/{n}">{html.escape(line)}</a></li>' for n, line in enumerate(KOREAN_HEADLINES)
    )
    return f"""<!doctype html><html lang="ko"><head><meta charset="utf-8">
<title>{html.escape(KOREAN_TITLE)} - 산업 | 새벽일보</title>
<meta property="og:title" content="{html.escape(KOREAN_TITLE)} | 새벽일보">
<meta property="og:site_name" content="새벽일보">
<meta property="article:section" content="산업">{head}</head><body>
<div id="gnb"><ul><li><a href="/">홈</a></li><li><a href="/eco">경제</a></li><li><a href="/it">IT</a></li></ul></div>
<div class="view_head"><h1>{html.escape(KOREAN_TITLE)}</h1>
<p class="sub">창원에 시험 생산 라인…내년 상반기 수율 90% 목표</p>
<span class="date">입력 2026-03-12 오후 2:05 수정 2026-03-13 09:00</span></div>
<div class="sns_share"><button>공유</button><p>이 글자크기로 변경됩니다.</p></div>
<div id="article_body">
<div class="img_box"><img src="a.jpg"><p>한빛전자 창원 공장 전경. 한빛전자 제공</p></div>
{article}
<p>김하늘 기자 sky@dawn.example</p>
<p>▶ 새벽일보 채널 구독하기</p>
<p>- 이메일 : jebo@dawn.example</p>
<p>Copyright ⓒ 새벽일보. 무단전재 및 재배포 금지</p>
<ul>{links}</ul>
</div>
<div class="most_read"><h3>많이 본 뉴스</h3><ol>{links}</ol></div>
<div id="comments"><p>정말 기대됩니다. 좋은 소식이네요.</p></div>
<footer><p>서울시 어느구 어느로 1 등록번호 서울 아00000 발행인 아무개</p></footer>
</body></html>"""


def english_page(*, head: str = "") -> str:
    return f"""<!doctype html><html lang="en"><head><title>{ENGLISH_TITLE} - The Eastholm Courier</title>
<meta property="og:site_name" content="The Eastholm Courier">
<meta name="author" content="By Anna Bell">{head}</head><body>
<nav><a href="/">Home</a> <a href="/news">News</a></nav>
<article><h1>{ENGLISH_TITLE}</h1>
<figure><img src="a.jpg"><figcaption>The port of Eastholm in autumn. (Photo by Tom Reed)</figcaption></figure>
{paragraphs(ENGLISH_BODY[:2])}
<p><a href="/x">Port workers vote on a new contract</a></p>
{paragraphs(ENGLISH_BODY[2:])}
<div class="newsletter-signup"><p>Sign up for our newsletter and never miss a story.</p></div></article>
<div class="related"><h3>Related</h3><ul><li><a href="/1">Ferry line cut short</a></li></ul></div>
<section class="comments"><p>This is great news for the whole region, I hope it creates many jobs.</p></section>
<footer><p>Copyright 2026 The Eastholm Courier. All rights reserved.</p></footer></body></html>"""
