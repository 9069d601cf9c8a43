"""A mail server for the demo: `python -m newswatch.services.mailsink --port P --folder F`.

Every mail becomes a file in the folder and a line on standard output. It delivers nothing anywhere and must
not be used for mail that anyone waits for.
"""

import argparse
import asyncio
import itertools
import re
import signal
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST_MAIL = 10_000_000  # bytes


class FolderHandler:
    """Writes what aiosmtpd receives into a folder, one .eml file a mail."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        message = message_from_bytes(content, EmailMessage, policy=policy.default)
        subject = str(message["subject"] or "")
        path = store(self._folder, content, name=file_name(subject, now=datetime.now(UTC)))
        print(f"Mail to {', '.join(envelope.rcpt_tos)}: {subject}  ({path})", flush=True)
        return "250 Message accepted"


def file_name(subject: str, *, now: datetime) -> str:
    """A name that sorts by time and can be recognised: `20230824-115400-lg.eml`."""
    words = re.sub(r"[^\w]+", "-", subject).strip("-")[:60]
    return f"{now:%Y%m%d-%H%M%S}-{words or 'mail'}.eml"


def store(folder: Path, content: bytes, *, name: str) -> Path:
    """Write a mail under the name, with a number added if the name is taken."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stem = name.removesuffix(".eml")
    for candidate in itertools.chain([name], (f"{stem}-{number}.eml" for number in itertools.count(2))):
        path = folder / candidate
        try:
            with path.open("xb") as file:
                file.write(content)
        except FileExistsError:
            continue
        break
    return path


async def serve(port: int, folder: Path) -> None:
    """Receive mail on 127.0.0.1 until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    done = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, done.set)
    handler = FolderHandler(folder)
    server = await loop.create_server(
        lambda: SMTP(
            handler, hostname="newswatch.localhost", data_size_limit=LARGEST_MAIL, enable_SMTPUTF8=True
        ),
        host="127.0.0.1",
        port=port,
    )
    async with server:
        await done.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    asyncio.run(serve(options.port, options.folder))


if __name__ == "__main__":
    main()
