import os
import socket
import stat

from newswatch.services import processes

STRANGER = processes.User(uid=65534, gid=65534)


def test_a_busy_port_is_passed_over():
    with socket.create_server(("127.0.0.1", 0)) as busy:
        taken = busy.getsockname()[1]
        assert processes.free_port(taken) not in (0, taken)


def test_a_free_port_is_kept():
    port = processes.free_port()
    assert processes.free_port(port) == port


def test_a_socket_lives_in_the_folder_asked_for(tmp_path):
    folder = processes.socket_folder(tmp_path / "run")
    assert folder == tmp_path / "run"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_socket_moves_to_a_short_path_when_the_folder_is_too_deep(tmp_path):
    deep = tmp_path / ("deep" * 30) / "run"
    folder = processes.socket_folder(deep)
    try:
        assert len(os.fsencode(folder)) < 60
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert processes.socket_folder(deep) == folder
    finally:
        folder.rmdir()


def test_a_closed_folder_keeps_a_stranger_out(tmp_path):
    closed = tmp_path / "closed"
    (closed / "inner").mkdir(parents=True)
    closed.chmod(0o700)
    assert not processes.can_reach(closed / "inner" / "not there yet", STRANGER)


def test_the_root_folder_can_be_reached():
    assert processes.can_reach(processes.Path("/"), STRANGER)


def test_the_last_lines_of_a_log_come_with_its_name(tmp_path):
    log = tmp_path / "a.log"
    log.write_text("".join(f"line {number}\n" for number in range(100)))
    shown = processes.last_lines(log, 2)
    assert str(log) in shown
    assert "line 99" in shown
    assert "line 97" not in shown


def test_a_log_that_is_not_there_has_no_lines(tmp_path):
    assert str(tmp_path / "none.log") in processes.last_lines(tmp_path / "none.log")
