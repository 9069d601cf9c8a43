from datetime import UTC, datetime, timedelta

from articles.stories import window

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def document(id, title, *, hours=0.0, outlet="가", text=""):
    return window.Document(id, title, text, NOON + timedelta(hours=hours), outlet)


def test_a_headline_with_other_particles_and_marks_joins_the_story():
    placed = window.Window().place(
        [
            document(1, "가나전자, 다라시에 배터리 공장 8400억원 투자"),
            document(2, "[속보] 가나전자 다라시 배터리 공장에 8400억 투자", hours=1, outlet="나"),
            document(3, "마바은행 신임 행장에 홍길동 부행장 내정", hours=2, outlet="다"),
        ]
    )
    assert [one.story for one in placed] == [1, 1, 3]
    assert placed[1].joined == 1


def test_the_order_within_a_batch_changes_nothing():
    batch = [
        document(1, "가나전자, 다라시에 배터리 공장 8400억원 투자"),
        document(2, "가나전자 다라시 배터리 공장에 8400억 투자", hours=1, outlet="나"),
    ]
    forwards = window.Window().place(batch)
    backwards = window.Window().place(batch[::-1])
    assert forwards == backwards[::-1]
