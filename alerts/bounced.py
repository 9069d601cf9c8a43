"""Read the mails that came back, from a Maildir folder or one by one, and stop the addresses they tell of.

A mail that was dealt with is marked as seen and stays in the folder; one that is no report is left as it is.
"""

import datetime
import logging
import mailbox
from pathlib import Path

from django.conf import settings

from alerts import addresses, models
from alerts.matching import bounces

log = logging.getLogger(__name__)


def read_folder(path: str = "", *, now: datetime.datetime) -> int:
    """Read the new mails of a Maildir folder, else that of the settings; returns how many were reports."""
    folder = path or settings.BOUNCE_MAILDIR
    if not folder:
        return 0
    if not Path(folder, "new").is_dir():
        log.warning("%s is no Maildir folder", folder)
        return 0
    box = mailbox.Maildir(folder, create=False)
    reports = 0
    for key, message in box.iteritems():
        if message.get_subdir() != "new":
            continue
        is_report, _ = take(box.get_bytes(key), now=now)
        reports += is_report
        # Mails that people wrote are for people: they stay unseen, but are not read again.
        message.set_subdir("cur")
        if is_report:
            message.add_flag("S")
        box[key] = message
    return reports


def take(data: bytes, *, now: datetime.datetime) -> tuple[bool, models.Address | None]:
    """Deal with one mail: whether it is a report, and the address that is stopped for it."""
    report = bounces.read_report(data)
    if report is None:
        return False, None
    address = addresses.reported(report, now=now)
    if address:
        log.warning("%s is stopped: %s", address, report.words)
    return True, address
