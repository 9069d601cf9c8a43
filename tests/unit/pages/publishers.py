"""Article pages in the shapes that Korean publishing systems give them; outlets, people and events are invented.

Each shape is one that many outlets share: a regional press system, a wire, two portals, dailies, broadcasters,
phone pages, pages of table cells. What a page holds is stated beside it.
"""

# ruff: noqa: E501 - the markup is wrapped as such pages wrap it

import dataclasses
import html
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

TITLE = "누리조선, 메탄올 추진선 여섯 척 수주…친환경선 비중 70% 넘어"
BODY = (
    "누리조선이 북유럽 선사로부터 메탄올 추진 컨테이너선 6척을 수주했다고 2일 밝혔다.",
    "계약 금액은 1조4200억원으로, 선박은 2028년 하반기까지 차례로 인도된다.",
    "이 회사의 올해 누적 수주액은 58억 달러로 연간 목표의 81%를 채웠다. 친환경 선박이 차지하는 비중은 처음으로 70%를 넘었다.",
    '한도현 누리조선 부사장은 "탄소 규제가 강화될수록 대체 연료 선박의 수요는 늘어날 것"이라며 "암모니아 추진선도 내년에 선보이겠다"고 말했다.',
    "증권가는 3분기 영업이익이 시장 기대치를 웃돌 것으로 본다. 후판 가격이 내린 데다 고가 물량의 매출 비중이 커졌기 때문이다.",
    "다만 숙련 인력 부족은 여전한 숙제로 남아 있다.",
)
SUBTITLES = ("북유럽 선사와 1조4200억원 계약", "암모니아 추진선은 내년 공개")
OTHERS = (
    "도심 하천에 돌아온 수달…시민들 '반색'",
    "[단독] 지하철 막차 시간, 내년 봄 30분 늦춘다",
    '"빵값이 왜 이래"…밀값 내렸는데 안 내리는 까닭',
    "신도시 첫 입주, 버스는 아직 오지 않는다",
)
CAPTION = "누리조선이 건조한 메탄올 추진 컨테이너선. 누리조선 제공"
AT = datetime(2026, 9, 2, 1, 20, tzinfo=UTC)  # 10:20 in Seoul
CHANGED = datetime(2026, 9, 2, 4, 45, tzinfo=UTC)  # 13:45 in Seoul


@dataclasses.dataclass(frozen=True, slots=True)
class Sample:
    """A page and what is to be found in it. `regions`: texts by the kind of region they must stand in."""

    name: str
    markup: str
    regions: Mapping[str, Iterable[str]]
    body: tuple[str, ...] = BODY
    title: str = TITLE
    published: datetime | None = AT
    changed: datetime | None = None
    authors: tuple[tuple[str, str], ...] = ()  # name and address
    outlet: str = ""
    section: str = ""
    url: str = "https://news.example/view/100"


def ps(lines: Iterable[str], attributes: str = "") -> str:
    return "\n".join(f"<p{attributes}>{html.escape(line)}</p>" for line in lines)


def brs(lines: Iterable[str]) -> str:
    return "<br />\n<br />\n".join(html.escape(line, quote=False) for line in lines)


def links(lines: Iterable[str] = OTHERS) -> str:
    return "".join(f'<li><a href="/v/{n}">{html.escape(line)}</a></li>' for n, line in enumerate(lines))


def document(body: str, *, head: str = "", title: str = TITLE, opening: str = '<html lang="ko">') -> str:
    return (
        f'<!DOCTYPE html>{opening}<head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"{head}</head><body>{body}</body></html>"
    )


def meta(**values: str) -> str:
    """Tags by property; `__` stands for a colon, `_` for itself."""
    return "".join(
        f'<meta property="{name.replace("__", ":")}" content="{html.escape(value)}">'
        for name, value in values.items()
    )


def ld(**values: object) -> str:
    stated = json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", **values})
    return f'<script type="application/ld+json">{stated}</script>'


REGIONAL = Sample(
    name="a regional press system",
    markup=document(
        f"""
<header id="user-header"><nav><ul><li><a href="/">정치</a></li><li><a href="/e">경제</a></li></ul></nav></header>
<section id="article-view" itemscope itemtype="http://schema.org/Article"><div class="item">
<header class="article-view-header">
<nav class="article-head-nav"><ul><li><a href="/">홈</a></li><li><a href="/e">경제</a></li></ul></nav>
<h3 class="heading">{TITLE}</h3>
<div class="info-group"><article class="item"><ul class="infomation no-bullet">
<li><i class="icon-user-o"></i> 서가온 기자</li><li><i class="icon-clock-o"></i> 승인 2026.09.02 10:20</li>
<li><i class="icon-clock-o"></i> 수정 2026.09.02 13:45</li><li><i class="icon-commenting-o"></i> 댓글 0</li>
</ul></article></div>
<h4 class="subheading">{"<br>".join(SUBTITLES)}</h4></header>
<div class="article-sns"><ul><li><button>페이스북</button></li><li>기사공유하기</li></ul></div>
<article id="article-view-content-div" class="article-veiw-body view-page font-size17" itemprop="articleBody">
<figure class="photo-layout image photo_1 float-center"><img src="1.jpg" alt="누리조선이 건조한 배">
<figcaption>▲ {CAPTION}</figcaption></figure>
<p>[해안일보 서가온 기자] {BODY[0]}</p>
{ps(BODY[1:3])}
<div class="ad-template"><script>ads.push(1)</script></div>
<h2>◇ 숙련 인력은 숙제</h2>
{ps(BODY[3:])}
</article>
<div class="view-copyright">저작권자 © 해안일보 무단전재 및 재배포 금지</div>
<div class="tag-group"><a href="/t">#누리조선</a> <a href="/t2">#조선업</a></div>
<article class="writer"><div class="profile"><strong class="name">서가온 기자</strong>
<a href="mailto:x">gaon@haean.example</a><a href="/w">다른기사 보기</a></div></article>
<section class="article-relation"><h3>관련기사</h3><ul>{links()}</ul></section>
<section id="comment-section"><h4>댓글삭제</h4><p>삭제한 댓글은 다시 복구할 수 없습니다. 그래도 삭제하시겠습니까?</p></section>
</div></section>
<footer><p>주소 : 어느시 어느로 1 · 발행인 : 아무개 · 등록번호 : 어느 가 00000</p></footer>""",
        title=f"{TITLE} - 해안일보",
        head=meta(
            og__title=f"{TITLE} - 해안일보",
            og__site_name="해안일보",
            article__section="경제",
            og__article__author="서가온 기자",
            article__published_time="2026-09-02T10:20:00+09:00",
        ),
    ),
    body=(
        f"[해안일보 서가온 기자] {BODY[0]}",
        *BODY[1:3],
        "◇ 숙련 인력은 숙제",
        *BODY[3:],
    ),
    regions={
        "subtitle": SUBTITLES,
        "caption": [CAPTION],
        "copyright": ["무단전재"],
        "related": OTHERS,
        "byline": ["gaon@haean.example"],
    },
    changed=CHANGED,
    authors=(("서가온", "gaon@haean.example"),),
    outlet="해안일보",
    section="경제",
)

WIRE = Sample(
    name="a wire",
    markup=document(
        f"""
<div class="header"><ul class="nav"><li><a href="/">최신기사</a></li></ul></div>
<main><div id="articleWrap" class="content90">
<header class="title-article01"><h1 class="tit">{TITLE}</h1>
<p class="update-time" data-published-time="202609021020"><span class="txt">송고시간</span>2026-09-02 10:20</p></header>
<div class="inner-article"><article class="story-news article">
<div class="tit-sub"><strong class="tit">{SUBTITLES[0]}</strong></div>
<div class="comp-box photo-group"><figure class="image-zone01"><div class="img-con"><span class="img"><img src="p.jpg"></span></div>
<figcaption class="txt-desc"><strong class="tit-cap">메탄올 추진선</strong> [누리조선 제공. 재판매 및 DB 금지]</figcaption></figure></div>
<p>(부산=바다통신) 서가온 여름비 기자 = {BODY[0]}</p>
{ps(BODY[1:4])}
<aside class="aside-box aside-ad"><div id="ad-1">광고</div></aside>
{ps(BODY[4:])}
<p>gaon@bada.example</p>
<p class="txt-copyright adrs">&lt;저작권자(c) 바다통신, 무단 전재-재배포, AI 학습 및 활용 금지&gt;<span class="txt-time">2026/09/02 10:20 송고</span></p>
</article></div>
<div class="related-zone rel"><strong>관련기사</strong><ul>{links()}</ul></div>
<aside class="rank"><h2>많이 본 뉴스</h2><ol>{links(OTHERS[::-1])}</ol></aside>
</div></main><footer><p>(주)바다통신 | 대표이사 아무개 | 등록번호 : 문화, 나00000</p></footer>""",
        title=f"{TITLE} | 바다통신",
        head=meta(og__title=f"{TITLE} | 바다통신", og__site_name="바다통신")
        + ld(
            headline=TITLE,
            datePublished="2026-09-02T10:20:00+09:00",
            dateModified="2026-09-02T13:45:00+09:00",
            author={"@type": "Person", "name": "서가온"},
            publisher={"@type": "Organization", "name": "바다통신"},
        ),
    ),
    body=(f"(부산=바다통신) 서가온 여름비 기자 = {BODY[0]}", *BODY[1:]),
    regions={
        "subtitle": SUBTITLES[:1],
        "caption": ["메탄올 추진선", "재판매 및 DB 금지"],
        "copyright": ["무단 전재-재배포"],
        "related": OTHERS,
        "byline": ["gaon@bada.example"],
    },
    changed=CHANGED,
    authors=(("서가온", "gaon@bada.example"), ("여름비", "")),
    outlet="바다통신",
)

PORTAL = Sample(
    name="a portal whose article is one element with breaks",
    markup=document(
        f"""
<div id="ct_wrap" class="newsct_wrapper"><div class="newsct">
<div class="media_end_head go_trans"><a href="/p" class="media_end_head_top_logo"><img src="l.png" title="해안일보" alt="해안일보"></a>
<h2 id="title_area" class="media_end_head_headline"><span>{TITLE}</span></h2>
<div class="media_end_head_info"><div class="media_end_head_info_datestamp_bunch"><em class="media_end_head_info_datestamp_term">입력</em>
<span class="media_end_head_info_datestamp_time _ARTICLE_DATE_TIME" data-date-time="2026-09-02 10:20:11">2026.09.02. 오전 10:20</span></div>
<div class="media_end_head_info_datestamp_bunch"><em class="media_end_head_info_datestamp_term">수정</em>
<span class="media_end_head_info_datestamp_time _ARTICLE_MODIFY_DATE_TIME" data-modify-date-time="2026-09-02 13:45:09">2026.09.02. 오후 1:45</span></div></div>
<div class="media_end_head_journalist"><em class="media_end_head_journalist_name">서가온 기자</em></div></div>
<div id="contents" class="newsct_body"><div id="newsct_article" class="newsct_article _article_body">
<article id="dic_area" class="go_trans _article_content">
<strong class="media_end_summary">{"<br>".join(SUBTITLES)}</strong>
<span class="end_photo_org"><div class="nbd_im_w _LAZY_LOADING_WRAP"><img data-src="p.jpg" class="_LAZY_LOADING"></div><em class="img_desc">{CAPTION}</em></span>
{brs(BODY)}
</article></div>
<div class="byline"><p class="byline_p"><span class="byline_s">서가온 기자 gaon@haean.example</span></p></div>
<div class="copyright"><p class="c_text">Copyright ⓒ 해안일보. All rights reserved. 무단 전재 및 재배포 금지.</p></div>
<div class="media_end_categorize"><a href="#">이 기사는 언론사에서 <em>경제</em> 섹션으로 분류했습니다.</a>
<p>기사의 섹션 정보는 해당 언론사의 분류를 따르고 있습니다. 언론사는 개별 기사를 2개 이상 섹션으로 중복 분류할 수 있습니다.</p></div>
<div class="media_journalistcard"><div class="media_journalistcard_summary"><em>서가온 기자</em><p>바다와 배 이야기를 씁니다.</p></div></div>
<div class="_related_articles"><h3>해안일보 헤드라인</h3><ul>{links()}</ul></div>
<div class="media_recommend"><p>이 기사를 추천합니다</p><p>기사 추천은 24시간 내 50회까지 참여할 수 있습니다.</p></div>
</div></div></div>""",
        head=meta(
            og__title=TITLE,
            og__site_name="네이버 뉴스",
            og__article__author="해안일보 | 네이버",
            twitter__creator="해안일보",
        ),
    ),
    regions={
        "subtitle": SUBTITLES,
        "caption": [CAPTION],
        "copyright": ["무단 전재"],
        "related": OTHERS,
        "byline": ["gaon@haean.example"],
        "notice": ["섹션 정보는 해당 언론사의 분류"],
    },
    changed=CHANGED,
    authors=(("서가온", "gaon@haean.example"),),
    outlet="해안일보",
)

OTHER_PORTAL = Sample(
    name="a portal with paragraphs and a translation notice",
    markup=document(
        f"""
<div id="kakaoWrap"><main><section class="inner-main"><article id="mArticle" class="main-content">
<div class="head_view"><em class="info_cp"><a href="/cp"><img alt="해안일보" src="cp.png"></a></em>
<h3 class="tit_view" data-translation="true">{TITLE}</h3>
<div class="info_view"><span class="txt_info">서가온</span><span class="txt_info">입력 <span class="num_date">2026. 9. 2. 10:20</span></span>
<span class="txt_info">수정 <span class="num_date">2026. 9. 2. 13:45</span></span>
<button>번역</button><p class="desc_set">이 글자크기로 변경됩니다.</p>
<p>(예시) 가장 빠른 뉴스가 있고 다양한 정보, 쌍방향 소통이 숨쉬는 어느뉴스를 만나보세요.</p></div></div>
<div class="box_translate"><p class="desc_translate">전체 맥락을 이해하기 위해서는 본문 보기를 권장합니다.</p></div>
<div class="news_view fs_type1"><div class="article_view" data-translation-body="true"><section dmcf-sid="s1">
<strong class="summary_view" dmcf-ptype="blockquote1">{"<br>".join(SUBTITLES)}</strong>
<figure class="figure_frm origin_fig" dmcf-ptype="figure"><p class="link_figure"><img class="thumb_g_article" src="p.jpg"></p>
<figcaption class="txt_caption default_figure">{CAPTION}</figcaption></figure>
{ps(BODY, ' dmcf-pid="x1" dmcf-ptype="general"')}
<p dmcf-pid="z" dmcf-ptype="general">서가온 기자 gaon@haean.example</p>
</section></div></div>
<div class="foot_view"><p class="txt_copyright">Copyright © 해안일보. 무단전재 및 재배포 금지.</p></div>
<div class="box_etc"><strong class="tit_etc">해안일보에서 직접 확인하세요. 해당 언론사로 이동합니다.</strong><ul>{links()}</ul></div>
</article></section></main></div>""",
        head=meta(
            og__title=TITLE,
            og__site_name="Daum | 해안일보",
            og__regDate="20260902102011",
            article__media_name="해안일보",
        ),
    ),
    regions={
        "subtitle": SUBTITLES,
        "caption": [CAPTION],
        "copyright": ["무단전재"],
        "notice": ["글자크기로", "가장 빠른 뉴스가", "전체 맥락을 이해하기"],
        "related": OTHERS,
        "byline": ["gaon@haean.example"],
    },
    changed=CHANGED,
    authors=(("서가온", "gaon@haean.example"),),
    outlet="해안일보",
)

CELLS = Sample(
    name="an old page of table cells",
    markup=f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=euc-kr">
<title>포구신문 :: {TITLE}</title></head><body topmargin=0>
<table width=900><tr><td width=160 class=left><table><tr><td><a href="/s1">정치</a></td></tr><tr><td><a href="/s2">경제</a></td></tr></table></td>
<td width=540><table width=100%>
<tr><td class=read_title><font size=5><b>{TITLE}</b></font></td></tr>
<tr><td class=read_sub>{SUBTITLES[0]}</td></tr>
<tr><td align=right><font class=small>서가온 기자</font> <a href="mailto:gaon@pogu.example">gaon@pogu.example</a></td></tr>
<tr><td><font class=small>기사입력: 2026/09/02 [10:20]  최종편집: ⓒ 포구신문</font></td></tr>
<tr><td id=articleBody class=read><table align=center width=400><tr><td><img src=p.jpg></td></tr>
<tr><td class=cap>▲ 누리조선이 건조한 컨테이너선의 모습&nbsp;&nbsp;&nbsp;ⓒ 포구신문</td></tr></table>
{"<br><br>".join("&nbsp;" + html.escape(line, quote=False) for line in BODY)}<br><br>
서가온 기자 gaon@pogu.example<br><br></td></tr>
<tr><td class=small>기사입력: 2026/09/02 [10:20]  최종편집: ⓒ 포구신문<br>&lt;저작권자ⓒ포구신문. 무단전재-재배포금지.&gt;</td></tr>
<tr><td><b>관련기사목록</b><br>{"<br>".join(f"<a href=/v>{html.escape(line)}</a>" for line in OTHERS)}</td></tr>
</table></td></tr></table></body></html>""",
    regions={
        "subtitle": SUBTITLES[:1],
        "caption": ["컨테이너선의 모습"],
        "copyright": ["무단전재-재배포금지"],
        "related": OTHERS,
        "byline": ["gaon@pogu.example"],
    },
    authors=(("서가온", "gaon@pogu.example"),),
    outlet="포구신문",
)

DAILY = Sample(
    name="a daily with boxes between the paragraphs",
    markup=document(
        f"""
<div class="container"><section class="contents"><article class="article">
<header class="article_header"><div class="subhead"><a href="/e">경제</a></div><h1 class="headline">{TITLE}</h1>
<div class="datetime"><div class="time_bx"><p class="date">입력 <time itemprop="datePublished" datetime="2026-09-02T10:20:00+09:00">2026.09.02 10:20</time></p>
<p class="date">업데이트 <time itemprop="dateModified" datetime="2026-09-02T13:45:00+09:00">2026.09.02 13:45</time></p></div></div></header>
<div class="article_body fs3" id="article_body" itemprop="articleBody">
<div class="ab_subtitle"><p>{"<br>".join(SUBTITLES)}</p></div>
<div class="ab_photo photo_center"><div class="image"><img src="p.jpg"></div><p class="caption">{CAPTION}</p></div>
{ps(BODY[:2], ' data-divno="1"')}
<div class="ab_related_article"><div class="tit">관련기사</div><ul>{links(OTHERS[:2])}</ul></div>
{ps(BODY[2:4])}
<blockquote class="quote_box"><p>탄소 규제가 강화될수록 대체 연료 선박의 수요는 늘어날 것</p></blockquote>
<div class="ad_wrap" id="dablewidget_x"><p>이런 상품은 어떠세요</p></div>
{ps(BODY[4:])}
<div class="ab_byline">서가온 기자 <a href="mailto:gaon@deulnyeok.example">gaon@deulnyeok.example</a></div>
<p>▶ 들녘신문 카카오톡 채널 추가하기</p>
<p>※ 들녘신문은 여러분의 소중한 제보를 기다립니다.</p>
</div>
<div class="copyright_box">Copyright ⓒ 들녘신문 &amp; deulnyeok.example 무단 전재 및 재배포 금지</div>
<div class="reporter_box"><strong class="name">서가온</strong> 기자 <p>조선·해운을 맡고 있습니다.</p></div>
<div class="most_view_article"><strong>많이 본 기사</strong><ol>{links(OTHERS[2:])}</ol></div>
</article></section></div>""",
        title=f"{TITLE} | 들녘신문",
        head=meta(og__title=f"{TITLE} | 들녘신문", og__site_name="들녘신문", article__section="경제,산업")
        + meta(
            article__published_time="2026-09-02T10:20:00+0900",
            article__modified_time="2026-09-02T13:45:00+0900",
        )
        + '<meta name="author" content="서가온">',
    ),
    regions={
        "subtitle": SUBTITLES,
        "caption": [CAPTION],
        "related": OTHERS,
        "quote": ["탄소 규제가 강화될수록 대체 연료 선박의 수요는 늘어날 것"],
        "promotion": ["카카오톡 채널 추가"],
        "contact": ["제보를 기다립니다"],
        "copyright": ["무단 전재"],
        "byline": ["gaon@deulnyeok.example"],
    },
    changed=CHANGED,
    authors=(("서가온", "gaon@deulnyeok.example"),),
    outlet="들녘신문",
    section="경제,산업",
)

ECONOMIC = Sample(
    name="an economic daily whose paragraphs are text nodes",
    markup=document(
        f"""
<div id="wrap"><div class="news_ttl_sec"><h2 class="news_ttl">{TITLE}</h2>
<dl class="registration"><dt>입력 :</dt><dd>2026-09-02 10:20:11</dd></dl></div>
<div class="news_cnt_detail_wrap" itemprop="articleBody">
<div class="mid_title"><div class="midtitle_text">{"<br/>".join(SUBTITLES)}</div></div>
<div class="thumb_area img"><figure><div class="thumb"><img src="p.jpg" alt=""></div><figcaption class="caption">{CAPTION}</figcaption></figure></div>
{html.escape(BODY[0], quote=False)}
<br/><br/>
{html.escape(BODY[1], quote=False)}<br/><br/><div class="ad_wrap ad_wrap3"><script>adpush()</script><em>광고</em></div>
{brs(BODY[2:4])}
<div class="read_more_box"><a href="/v/3">{html.escape(OTHERS[2])}</a></div>
{brs(BODY[4:])}<br/><br/>
[서가온 기자 / 정해든 기자]<br/><br/>
[ⓒ 곳간경제 &amp; gotgan.example, 무단전재, 재배포 및 AI학습 이용 금지]
</div>
<div class="sec_footer"><h3>이 기사가 마음에 들었다면, 좋아요를 눌러주세요.</h3><button>좋아요 0</button></div>
<section class="hot_news_sec"><h3>곳간경제 주요뉴스</h3><ul>{links()}</ul></section></div>""",
        title=f"{TITLE} - 곳간경제",
        head=meta(og__title=f"{TITLE} - 곳간경제", og__site_name="곳간경제")
        + ld(
            headline=TITLE,
            datePublished="2026-09-02T10:20:11+09:00",
            author=[{"name": "서가온"}, {"name": "정해든"}],
        ),
    ),
    regions={
        "subtitle": SUBTITLES,
        "caption": [CAPTION],
        "related": OTHERS,
        "copyright": ["무단전재, 재배포"],
        "byline": ["서가온 기자 / 정해든 기자"],
    },
    published=datetime(2026, 9, 2, 1, 20, 11, tzinfo=UTC),
    authors=(("서가온", ""), ("정해든", "")),
    outlet="곳간경제",
)

BROADCAST = Sample(
    name="a broadcaster in the polite style",
    markup=document(
        f"""
<div class="w_news"><div class="news_title"><h3>{TITLE}</h3><p class="info">2026년 09월 02일 10시 20분</p></div>
<div class="news_view"><div id="CmAdContent" class="paragraph"><span>
[앵커]<br>누리조선이 대체 연료로 가는 배를 여섯 척 수주했습니다.<br><br>서가온 기자가 보도합니다.<br><br>[기자]<br>
울산 앞바다에 커다란 배 한 척이 떠 있습니다.<br><br>석유 대신 메탄올을 태우는 컨테이너선입니다.<br><br>
[한도현 / 누리조선 부사장 : 탄소 규제가 강화될수록 수요는 늘어날 것으로 봅니다.]<br><br>
이번 계약으로 올해 누적 수주액은 58억 달러를 넘었습니다.<br><br>하늘방송 서가온입니다.<br><br>
영상기자 : 정해든<br>영상편집 : 고운들<br><br>
※ '당신의 제보가 뉴스가 됩니다'<br>[카카오톡] 하늘방송 검색해 채널 추가<br>[전화] 02-000-0000<br>[메일] jebo@haneul.example<br><br>
[저작권자(c) 하늘방송 무단전재, 재배포 및 AI 데이터 활용 금지]</span></div></div>
<div class="news_list"><h4>이 시각 주요뉴스</h4><ul>{links()}</ul></div></div>""",
        title=f"{TITLE} | 하늘방송",
        head=meta(og__title=f"{TITLE} | 하늘방송", og__site_name="하늘방송"),
    ),
    body=(
        "[앵커]",
        "누리조선이 대체 연료로 가는 배를 여섯 척 수주했습니다.",
        "서가온 기자가 보도합니다.",
        "[기자]",
        "울산 앞바다에 커다란 배 한 척이 떠 있습니다.",
        "석유 대신 메탄올을 태우는 컨테이너선입니다.",
        "[한도현 / 누리조선 부사장 : 탄소 규제가 강화될수록 수요는 늘어날 것으로 봅니다.]",
        "이번 계약으로 올해 누적 수주액은 58억 달러를 넘었습니다.",
        "하늘방송 서가온입니다.",
    ),
    regions={
        "byline": ["영상기자 : 정해든", "영상편집 : 고운들"],
        "contact": ["[전화] 02-000-0000", "[메일] jebo@haneul.example", "검색해 채널 추가", "당신의 제보가"],
        "copyright": ["무단전재"],
        "related": OTHERS,
    },
    authors=(("서가온", ""),),
    outlet="하늘방송",
)

LINED = Sample(
    name="a news agency with a table for the picture",
    markup=document(
        f"""
<div id="content"><div class="articleView"><div class="view"><div class="viewer"><div class="viewTop">
<div class="subCate"><p class="tit"><a href="/m">산업</a></p></div><h1 class="tit title_area">{TITLE}</h1>
<div class="infoLine"><div class="left"><p class="txt"><span>등록 2026.09.02 10:20:11</span><span>수정 2026.09.02 13:45:00</span></p></div></div></div>
<article><div class="summury">{"<br/>".join(SUBTITLES)}</div>
<div class="article_photo_wrap"><table class="article_photo center"><tr><td class="img"><img src="p.jpg"></td></tr>
<tr><td class="desc">[울산=다모통신] 누리조선이 건조한 메탄올 추진 컨테이너선. (사진=누리조선 제공) 2026.09.02. photo@damo.example *재판매 및 DB 금지</td></tr></table></div>
[울산=다모통신]서가온 기자 = {brs(BODY[:3])}<br/><br/><div class="rsBanner"><a href="/app">앱에서 더 편하게 보기</a></div>
{brs(BODY[3:])}<br/><br/>
◎공감언론 다모통신 gaon@damo.example</article>
<p class="copyright">Copyright © 다모통신, 무단 전재 및 재배포 금지</p></div>
<div class="boxStyle03"><strong>많이 본 기사</strong><ul>{links()}</ul></div></div></div></div>""",
        title=f"{TITLE} :: 공감언론 다모통신 ::",
        head=meta(og__title=TITLE, og__site_name="다모통신", og__article__author="서가온"),
    ),
    body=(f"[울산=다모통신]서가온 기자 = {BODY[0]}", *BODY[1:]),
    regions={
        "subtitle": SUBTITLES,
        "caption": ["재판매 및 DB 금지"],
        "byline": ["gaon@damo.example"],
        "copyright": ["무단 전재"],
        "related": OTHERS,
    },
    published=datetime(2026, 9, 2, 1, 20, 11, tzinfo=UTC),
    changed=CHANGED,
    authors=(("서가온", "gaon@damo.example"),),
    outlet="다모통신",
)

PHONE = Sample(
    name="a page for phones",
    markup=document(
        f"""
<header><a href="/" class="logo">들녘신문</a><button>메뉴</button></header>
<div class="view_area"><div class="view_tit"><h2>{TITLE}</h2><div class="info"><span>서가온 기자</span> <span>2026-09-02 오전 10:20</span></div></div>
<div class="util"><a>가-</a><a>가+</a><a>공유</a></div>
<div class="view_txt" id="viewTxt"><div class="pic"><img src="p.jpg"><div class="pic_txt">{CAPTION}</div></div>
{"".join(f"<div>{html.escape(line, quote=False)}</div><div><br></div>" for line in BODY)}
<div>서가온 기자 gaon@deulnyeok.example</div></div>
<div class="ad"><span>AD</span><p>오늘만 할인! 튼튼 등산화 한 켤레 값에 두 켤레를 드립니다.</p></div>
<div class="swiper"><strong>오늘의 핫뉴스</strong><ul>{links()}</ul></div></div>
<footer><a href="/pc">PC버전</a><p>© 들녘신문</p></footer>""",
        title=f"{TITLE} - 들녘신문 모바일",
    ),
    regions={
        "caption": [CAPTION],
        "byline": ["gaon@deulnyeok.example"],
        "related": OTHERS,
        "promotion": ["튼튼 등산화"],
    },
    authors=(("서가온", "gaon@deulnyeok.example"),),
    url="https://m.deulnyeok.example/view/9",
)

AMP = Sample(
    name="an accelerated phone page",
    markup=document(
        f"""
<amp-sidebar id="side" layout="nodisplay"><ul><li><a href="/1">정치</a></li><li><a href="/2">경제</a></li></ul></amp-sidebar>
<article class="amp-article"><h1>{TITLE}</h1><div class="byline">서가온 기자</div><div class="amp-date">등록 : 2026-09-02 10:20</div>
<amp-social-share type="email"></amp-social-share>
<section class="amp-wp-article-content"><amp-img src="p.jpg" width="1" height="1"><noscript><img src="p.jpg"></noscript></amp-img>
<figcaption>{CAPTION}</figcaption>
{ps(BODY[:3])}<amp-ad width="300" height="250" type="doubleclick"><div placeholder>광고</div></amp-ad>{ps(BODY[3:])}
<p>서가온 기자 gaon@deulnyeok.example</p></section>
<amp-list src="/r"><template type="amp-mustache"><p>{{{{title}}}}</p></template></amp-list>
<div class="amp-related"><h3>연관기사</h3><ul>{links()}</ul></div></article>""",
        title=f"{TITLE} : 산업 : 들녘신문",
        opening='<html amp lang="ko">',
        head=ld(
            headline=TITLE,
            datePublished="2026-09-02T10:20+09:00",
            publisher={"name": "들녘신문"},
            articleBody=" ".join(BODY)[:150] + "…",
        ),
    ),
    regions={"caption": [CAPTION], "related": OTHERS, "byline": ["gaon@deulnyeok.example"]},
    authors=(("서가온", "gaon@deulnyeok.example"),),
    outlet="들녘신문",
)

GLUED = Sample(
    name="a page that glues signature and notices to the last paragraph",
    markup=document(
        f"""
<div class="top_menu"><a href="/">홈</a> &gt; <a href="/e">경제</a></div>
<div class="article_head"><h2 class="article_tit">{TITLE}</h2><h3 class="article_subtit">{SUBTITLES[0]}</h3>
<span class="writer">서가온·정해든 기자</span><span class="date">기사승인 2026-09-02 10:20:11</span></div>
<div class="article_txt" id="article_txt">{brs(BODY[:-1])}<br><br>{BODY[-1]} 서가온 기자 gaon@gotgan.example
<br>
▶ 곳간경제 텔레그램 구독하기 ▶ 오늘의 주요뉴스 바로가기<br>- Copyrights ⓒ 곳간경제, 무단 전재 및 재배포 금지 -
<div class="relate"><p>◆ 관련기사 ◆</p><p><a href="/1">☞ {html.escape(OTHERS[0])}</a></p><p><a href="/2">☞ {html.escape(OTHERS[1])}</a></p></div></div>
<div class="reply"><p>댓글 3개</p><div><b>바다사람</b><p>축하합니다. 울산 경제가 살아나길 바랍니다!</p></div></div>""",
        title=f"곳간경제 - {TITLE}",
        head=meta(og__site_name="곳간경제", og__title=TITLE),
    ),
    regions={
        "subtitle": SUBTITLES[:1],
        "byline": ["서가온 기자 gaon@gotgan.example", "서가온·정해든 기자"],
        "promotion": ["텔레그램 구독하기"],
        "copyright": ["무단 전재"],
        "related": OTHERS[:2],
        "comment": ["축하합니다"],
    },
    published=datetime(2026, 9, 2, 1, 20, 11, tzinfo=UTC),
    authors=(("서가온", "gaon@gotgan.example"), ("정해든", "")),
    outlet="곳간경제",
)

COLUMN = Sample(
    name="a column with a portrait of its author",
    markup=document(
        f"""
<div class="wrap_news"><div class="title_group"><p class="category">오피니언 &gt; 칼럼</p><h1>[아침을 열며] 배를 짓는 사람들</h1>
<p class="byline">정해든 논설위원</p><p class="datefield">입력 : 2026-09-02 10:20:00</p></div>
<div class="article_content" id="articleContent"><div class="viewContent">
<table class="photo" align="right"><tr><td><img src="face.jpg"></td></tr><tr><td class="photo_cap">정해든 논설위원</td></tr></table>
{ps(BODY[2:])}<p>정해든 논설위원 haedeun@deulnyeok.example</p></div></div></div>
<div class="opinion_list"><h3>오피니언 많이 본 기사</h3><ul>{links()}</ul></div>""",
        title="[아침을 열며] 배를 짓는 사람들 | 들녘신문",
        head=meta(og__title="[아침을 열며] 배를 짓는 사람들", og__site_name="들녘신문"),
    ),
    title="[아침을 열며] 배를 짓는 사람들",
    body=BODY[2:],
    regions={"byline": ["haedeun@deulnyeok.example"], "related": OTHERS},
    authors=(("정해든", "haedeun@deulnyeok.example"),),
    outlet="들녘신문",
)

ABROAD = Sample(
    name="a correspondent's report",
    markup=document(
        f"""
<article><h1>{TITLE}</h1><div class="art-info">오슬로=여름비 특파원 <span>2026.09.02 10:20</span></div>
<div class="art_body" id="artBody"><p class="content_text">{BODY[0]}</p><div class="art_photo"><img src="p.jpg"><p class="caption">{CAPTION}</p></div>
{ps(BODY[1:], ' class="content_text"')}<p class="content_text">오슬로 | 여름비 특파원 bi@deulnyeok.example</p></div>
<div class="art_subscribe"><p>매일 아침 들녘신문의 뉴스레터를 받아보세요</p></div></article>""",
        title=f"{TITLE} - 들녘신문",
        head=meta(og__site_name="들녘신문"),
    ),
    regions={
        "caption": [CAPTION],
        "byline": ["bi@deulnyeok.example"],
        "promotion": ["뉴스레터를 받아보세요"],
    },
    authors=(("여름비", "bi@deulnyeok.example"),),
    outlet="들녘신문",
)

SAMPLES = (
    REGIONAL,
    WIRE,
    PORTAL,
    OTHER_PORTAL,
    CELLS,
    DAILY,
    ECONOMIC,
    BROADCAST,
    LINED,
    PHONE,
    AMP,
    GLUED,
    COLUMN,
    ABROAD,
)
