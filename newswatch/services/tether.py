"""Become another program that can't outlive the process that asked for it.

Run as a script: `python tether.py PARENT SIGNAL USER -- COMMAND...`. It drops to USER (`uid:gid`, or `-` to
stay), asks the kernel to send SIGNAL when PARENT dies in whatever way, and turns into COMMAND. Elsewhere
than on Linux the kernel has no such service and only the supervisor's own clean-up remains.

Must stay a script of the standard library alone: it runs with `python -I -S`, before anything is set up.
"""

import ctypes
import os
import sys

SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of linux/prctl.h


def drop_to(user: str) -> None:
    """Take on the user `uid:gid`, without supplementary groups."""
    uid, gid = (int(part) for part in user.split(":"))
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def die_with(parent: int, signal_number: int) -> None:
    """Receive the signal when the parent dies. The kernel forgets this at a change of user: call it last."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_DEATH_SIGNAL, signal_number, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the parent is gone already")


def main(arguments: list[str]) -> None:
    parent, signal_number, user, _, *command = arguments
    if user != "-":
        drop_to(user)
    die_with(int(parent), int(signal_number))
    os.execvp(command[0], command)  # noqa: S606 - the supervisor's own command lines


if __name__ == "__main__":
    main(sys.argv[1:])
