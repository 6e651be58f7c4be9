"""What is written, piece by piece, as expressions of bytes."""

from collections.abc import Sequence

from accord.codecs.avro.source import Function

Piece = str | bytes
"""Bytes that are always the same, or the expression of some."""


def joined(pieces: Sequence[Piece]) -> str:
    """The expression of all pieces in a row."""
    merged = merge(pieces)
    match merged:
        case []:
            return "b''"
        case [one] if not one.startswith("*"):
            return one
        case [one, other] if not one.startswith("*"):
            return f"{one} + {other}"
        case _:
            return f"b''.join(({', '.join(merged)}))"


def merge(pieces: Sequence[Piece]) -> list[str]:
    """Pieces as expressions; neighbours that never change are one."""
    merged: list[str] = []
    constant = b""
    for piece in pieces:
        if isinstance(piece, bytes):
            constant += piece
            continue
        if constant:
            merged.append(repr(constant))
            constant = b""
        merged.append(piece)
    return [*merged, repr(constant)] if constant else merged


def append(code: Function, out: str, pieces: Sequence[Piece]) -> int:
    """Add what appends the pieces; returns how many there are each time."""
    merged = merge(pieces)
    if len(merged) == 1 or any(piece.startswith("*") for piece in merged):
        code.line(f"{out}.append({joined(pieces)})")
        return 1
    code.line(f"{out} += ({', '.join(merged)})" if merged else f"{out}.append(b'')")
    return len(merged) or 1
