"""What changed between two texts, for people: by paragraph, and by word within a paragraph that was edited.

A word is a run of letters and digits, in Korean an eojeol without its punctuation: 회사는 that became 회사가 is shown
as a word that was replaced, not as a letter. What is kept and inserted gives the new text, in order and to the last
space; what is kept and deleted gives the old one. Matching is difflib's (Ratcliff and Obershelp, 1988), bounded: a long
paragraph is matched by sentences, and texts too long for that are shown as replaced.

Must not know HTML: whoever shows the pieces escapes them.
"""

import difflib
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# Matching costs up to the product of both lengths; beyond it the whole is called replaced.
MOST_PAIRS = 250_000
# Paragraphs that share fewer words than this are not the same one edited.
LEAST_LIKENESS = 0.4
WORD = re.compile(r"\s+|\w+(?:[.,:]\d\w*|['’\-]\w+)*|.", re.DOTALL)
SENTENCE = re.compile(r"[^.!?。]+[.!?。]*\s*|[.!?。]+\s*")
KEPT, DELETED, INSERTED = "kept", "deleted", "inserted"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text and whether it was kept, deleted or inserted."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or several that were kept: its pieces in reading order."""

    pieces: tuple[Piece, ...]

    @property
    def shown(self) -> tuple[Piece, ...]:
        """The pieces without the white space that ends the block, whether it changed or not."""
        pieces = list(self.pieces)
        while pieces and not pieces[-1].text.strip():
            pieces.pop()
        if pieces:
            pieces[-1] = Piece(pieces[-1].kind, pieces[-1].text.rstrip())
        return tuple(pieces)

    @property
    def is_kept(self) -> bool:
        """Whether no word of it changed."""
        return all(piece.kind == KEPT for piece in self.shown)

    @property
    def paragraphs(self) -> list[str]:
        """The paragraphs or lines of it that say something."""
        lines = "".join(piece.text for piece in self.pieces).split("\n")
        return [line.strip() for line in lines if line.strip()]


def compare(old: str, new: str) -> tuple[Block, ...]:
    """The blocks that lead from the old text to the new one."""
    before, after = paragraphs(old), paragraphs(new)
    blocks: list[Block] = []
    for kind, old_run, new_run in runs(before, after):
        if kind == KEPT:
            blocks.append(Block((Piece(KEPT, "".join(old_run)),)))
        else:
            blocks.extend(edited(old_run, new_run))
    return tuple(blocks)


def compare_line(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces of one edited paragraph or title, word by word, or by sentences where it is long."""
    words = WORD.findall(old), WORD.findall(new)
    is_long = len(words[0]) * len(words[1]) > MOST_PAIRS
    before, after = (SENTENCE.findall(old), SENTENCE.findall(new)) if is_long else words
    pieces: list[Piece] = []
    for kind, old_run, new_run in runs(before, after):
        if kind == KEPT:
            pieces.append(Piece(KEPT, "".join(old_run)))
        else:
            pieces += [Piece(DELETED, "".join(old_run)), Piece(INSERTED, "".join(new_run))]
    return tuple(joined([piece for piece in pieces if piece.text]))


def paragraphs(text: str) -> list[str]:
    """The paragraphs or lines, each with the white space after it; joined they are the text."""
    parts = re.split(r"(\n\s*)", text)
    ends = [*parts[1::2], ""]
    return [part + end for part, end in zip(parts[::2], ends, strict=True) if part + end]


def runs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    """Runs that were kept (the same on both sides), and between them runs that were replaced, in order."""
    head = common(old, new)
    tail = common(old[head:][::-1], new[head:][::-1])
    if head:
        yield KEPT, old[:head], new[:head]
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(middle_old) * len(middle_new) > MOST_PAIRS:
        yield "", middle_old, middle_new
    else:
        matcher = difflib.SequenceMatcher(None, middle_old, middle_new, autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            yield KEPT if tag == "equal" else "", middle_old[a:b], middle_new[c:d]
    if tail:
        yield KEPT, old[len(old) - tail :], new[len(new) - tail :]


def common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many items both begin with."""
    pairs = zip(old, new, strict=False)
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))


def edited(old: Sequence[str], new: Sequence[str]) -> Iterator[Block]:
    """The blocks of replaced paragraphs: those alike are shown as one that was edited, the others one after another."""
    at = 0
    for paragraph in new:
        match = alike(paragraph, old, at)
        if match is None:
            yield Block((Piece(INSERTED, paragraph),))
            continue
        yield from (Block((Piece(DELETED, skipped),)) for skipped in old[at:match])
        yield Block(compare_line(old[match], paragraph))
        at = match + 1
    yield from (Block((Piece(DELETED, skipped),)) for skipped in old[at:])


def alike(paragraph: str, old: Sequence[str], at: int) -> int | None:
    """The first of the old paragraphs from `at`, and not far on, that this one is an edit of."""
    words = set(WORD.findall(paragraph))
    for number, candidate in enumerate(old[at : at + 20], at):
        others = set(WORD.findall(candidate))
        if len(words & others) >= LEAST_LIKENESS * max(len(words), len(others), 1):
            return number
    return None


def joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces with edits that only a space parts made one, so that a phrase is not shown word by word."""
    deleted, inserted = "", ""
    for number, piece in enumerate(pieces):
        if piece.kind == DELETED:
            deleted += piece.text
        elif piece.kind == INSERTED:
            inserted += piece.text
        elif (deleted or inserted) and piece.text.isspace() and number + 1 < len(pieces):
            deleted, inserted = deleted + piece.text, inserted + piece.text
        else:
            yield from changes(deleted, inserted)
            deleted = inserted = ""
            yield piece
    yield from changes(deleted, inserted)


def changes(deleted: str, inserted: str) -> Iterator[Piece]:
    """A deletion and an insertion, where there is any."""
    if deleted:
        yield Piece(DELETED, deleted)
    if inserted:
        yield Piece(INSERTED, inserted)
