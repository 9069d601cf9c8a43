from newswatch.services import follow


def test_only_lines_added_after_the_start_are_given(tmp_path):
    log = tmp_path / "a.log"
    log.write_text("old\n")
    follower = follow.Follower(log)
    with log.open("a") as file:
        file.write("one\ntwo\n")
    assert list(follower.lines()) == ["one", "two"]
    assert list(follower.lines()) == []


def test_a_half_written_line_waits_for_its_end(tmp_path):
    log = tmp_path / "a.log"
    follower = follow.Follower(log)
    assert list(follower.lines()) == []
    log.write_bytes("속".encode()[:1])
    assert list(follower.lines()) == []
    with log.open("ab") as file:
        file.write("속".encode()[1:] + "보\n".encode())
    assert list(follower.lines()) == ["속보"]
