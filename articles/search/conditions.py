"""Pieces of SQL with their parameters. Text only: nothing is sent anywhere."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition with %s for each parameter, in order."""

    sql: str
    params: tuple[object, ...] = ()


def joined(parts: Iterable[Condition], joiner: str) -> Condition:
    parts = list(parts)
    if len(parts) == 1:
        return parts[0]
    return Condition(
        joiner.join(f"({part.sql})" for part in parts),
        tuple(itertools.chain.from_iterable(part.params for part in parts)),
    )
