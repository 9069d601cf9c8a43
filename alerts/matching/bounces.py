"""What mail servers say of a mail that did not arrive, and what mailboxes report: who gets no more mails.

Reports are mails that anybody can send: what they say counts only for a mail of ours that they name. Bytes in, values
out. Must not know the database.
"""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

# Of a report; the mail that comes back with it may be long.
MOST_BYTES = 1_000_000
MOST_PARTS = 50
MOST_WORDS = 500

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_MESSAGE_ID = re.compile(r"^message-id:\s*(<[^<>\s]{1,300}>)", re.IGNORECASE | re.MULTILINE)
# RFC 3463: an address that is wrong (1.x) or a mailbox that is closed or moved; a full one (2.2) is neither.
_GONE = frozenset({"1.0", "1.1", "1.2", "1.3", "1.6", "1.10", "2.1", "2.0"})
# RFC 5321: no such mailbox, not local, name not allowed.
_GONE_CODES = frozenset({550, 551, 553})


@dataclass(frozen=True, slots=True)
class Report:
    """What came back: `complaint` (the reader called it unwanted), else a bounce that is final or not.

    `message_ids` are those of the mail it tells of; `words` say why.
    """

    message_ids: tuple[str, ...]
    complaint: bool
    final: bool
    words: str


def is_gone(code: int, words: str) -> bool:
    """Whether an SMTP refusal of a recipient says that there is no such mailbox; a full one is one."""
    status = _STATUS.search(words)
    if status:
        return status[1] == "5" and f"{status[2]}.{status[3]}" in _GONE
    return code in _GONE_CODES


def read_report(data: bytes) -> Report | None:
    """A delivery status notification (RFC 3464) or a feedback report (RFC 5965); None if the mail is neither."""
    message = email.message_from_bytes(data[:MOST_BYTES])
    parts = list(_parts(message))
    kinds = [part.get_content_type() for part in parts]
    ids = tuple(dict.fromkeys(found for part in parts for found in _ids(part)))
    if "message/feedback-report" in kinds:
        return Report(ids, complaint=True, final=True, words=_text(parts, "message/feedback-report"))
    if "message/delivery-status" not in kinds:
        return None
    words = _text(parts, "message/delivery-status")
    action = re.search(r"^action:\s*(\w+)", words, re.IGNORECASE | re.MULTILINE)
    if not action or action[1].lower() != "failed":
        return Report(ids, complaint=False, final=False, words=_why(words))
    status = re.search(r"^status:\s*5\.", words, re.IGNORECASE | re.MULTILINE)
    return Report(ids, complaint=False, final=status is not None, words=_why(words))


def _parts(message: Message) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        if number >= MOST_PARTS:
            return
        yield part


def _ids(part: Message) -> Iterator[str]:
    """The ids of the mail that came back: its headers stand in a part of their own, whole or alone."""
    if part.get_content_type() == "message/rfc822" and part.is_multipart():
        inner = part.get_payload(0)
        text = f"Message-ID: {inner.get('Message-ID', '')}" if isinstance(inner, Message) else ""
    elif part.get_content_type() == "text/rfc822-headers":
        text = _payload(part)
    else:
        return
    for found in _MESSAGE_ID.finditer(text):
        yield found[1]


def _text(parts: list[Message], kind: str) -> str:
    """The fields of the first part of a kind."""
    part = next(part for part in parts if part.get_content_type() == kind)
    if part.is_multipart():
        return "\n".join(str(block) for block in part.get_payload() if isinstance(block, Message))
    return _payload(part)


def _payload(part: Message) -> str:
    data = part.get_payload(decode=True)
    return data.decode("utf-8", "replace") if isinstance(data, bytes) else ""


def _why(words: str) -> str:
    """What the server said, in one line."""
    said = re.search(r"^diagnostic-code:\s*(.*(?:\n[ \t].*)*)", words, re.IGNORECASE | re.MULTILINE)
    status = re.search(r"^status:\s*(.*)", words, re.IGNORECASE | re.MULTILINE)
    found = said[1] if said else status[1] if status else words
    return " ".join(found.split()).removeprefix("smtp; ")[:MOST_WORDS]
