from datetime import UTC, datetime

from newswatch.services import mailsink

NOW = datetime(2023, 8, 24, 11, 54, tzinfo=UTC)


def test_a_mail_is_named_after_its_time_and_subject():
    assert mailsink.file_name("[뉴스워치] LG, AI", now=NOW) == "20230824-115400-뉴스워치-LG-AI.eml"


def test_a_subject_can_not_leave_the_folder():
    assert mailsink.file_name("../../etc/passwd\0", now=NOW) == "20230824-115400-etc-passwd.eml"


def test_a_long_korean_subject_still_makes_a_file(tmp_path):
    path = mailsink.store(tmp_path, b"x", name=mailsink.file_name("가" * 500, now=NOW))
    assert path.read_bytes() == b"x"


def test_two_mails_of_one_name_are_both_kept(tmp_path):
    folder = tmp_path / "mail"
    first = mailsink.store(folder, b"one", name="a.eml")
    second = mailsink.store(folder, b"two", name="a.eml")
    assert [first.read_bytes(), second.read_bytes()] == [b"one", b"two"]
    assert second.name == "a-2.eml"
