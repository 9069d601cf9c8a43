"""A real SMTP server for tests: keeps the mails it receives, and refuses, greylists or stalls when told to."""

import asyncio
import threading
import time
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from newswatch.services import processes


class Mailbox:
    """A mail server for a `with` block.

    `refuse_with = "451 Later"` makes it refuse each recipient; `greylists`, refuse each one the first time;
    `stall_s`, keep a mail and let its sender wait so long for the answer.
    """

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.refuse_with = ""
        self.greylists = False
        self.stall_s = 0.0
        self._seen: set[str] = set()
        self._arrived = threading.Condition()
        self._controller = Controller(self, hostname="127.0.0.1", port=processes.free_port())

    def __enter__(self) -> "Mailbox":
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def port(self) -> int:
        return int(self._controller.port)

    @property
    def url(self) -> str:
        """The value for EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuse_with:
            return self.refuse_with
        if self.greylists and address not in self._seen:
            self._seen.add(address)
            return "451 4.7.1 Greylisted, try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        with self._arrived:
            self.envelopes.append(envelope)
            self.messages.append(message_from_bytes(content, EmailMessage, policy=policy.default))
            self._arrived.notify_all()
        await asyncio.sleep(self.stall_s)
        return "250 Message accepted for delivery"

    def wait_for(self, count: int, *, seconds: float = 30) -> list[EmailMessage]:
        """The messages once there are `count`, or what there is when the time is up."""
        deadline = time.monotonic() + seconds
        with self._arrived:
            while len(self.messages) < count and (left := deadline - time.monotonic()) > 0:
                self._arrived.wait(left)
            return list(self.messages)
