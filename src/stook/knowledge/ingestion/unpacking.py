"""Undoes the content codings of an answer, piece by piece: a few bytes may stand for gigabytes."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterable, AsyncIterator, Iterator, Sequence

PIECE = 1 << 16  # bytes that are unpacked at once
MOST_CODINGS = 2
_GZIP_MAGIC = b"\x1f\x8b"
_FORMATS = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}


class CannotUnpack(ValueError):
    """What came is not packed as its headers say."""


class TooMuch(ValueError):
    """More came, or came out of a coding, than is allowed."""


async def unpacked(
    packed: AsyncIterable[bytes], codings: Sequence[str], most: int
) -> AsyncIterator[bytes]:
    """The bytes that were packed by ``codings``, in the order in which those were applied.

    Gives way to other tasks between two pieces, so that a clock can end it. Raises CannotUnpack,
    and TooMuch as soon as more than ``most`` bytes come in, or out of any coding.
    """
    chain = [_Coding(kind, most) for kind in reversed(_known(codings))]
    taken = 0
    async for data in packed:
        taken += len(data)
        if taken > most:
            raise TooMuch
        for piece in _through(chain, data):
            yield piece
            await asyncio.sleep(0)
    if any(coding.is_cut_off for coding in chain):
        raise CannotUnpack("its packed content is cut off")


def _known(codings: Sequence[str]) -> list[str]:
    kinds = [coding.strip().lower() for coding in codings]
    kinds = [kind for kind in kinds if kind not in ("", "identity")]
    if len(kinds) > MOST_CODINGS:
        raise CannotUnpack(f"it is packed more than {MOST_CODINGS} times over")
    for kind in kinds:
        if kind not in _FORMATS:
            raise CannotUnpack(f"it is packed in a way that was not asked for ({kind[:20]})")
    return kinds


def _through(chain: Sequence[_Coding], data: bytes) -> Iterator[bytes]:
    """What comes out of the last coding; an empty piece where a step gave nothing."""
    if not chain:
        yield data
        return
    for piece in chain[0].pieces(data):
        yield from _through(chain[1:], piece)


class _Coding:
    """Undoes one coding and counts what comes out of it."""

    def __init__(self, kind: str, most: int) -> None:
        self._kind = kind
        self._left = most
        self._inflater: zlib._Decompress | None = None
        self._is_over = False

    @property
    def is_cut_off(self) -> bool:
        """Whether something came, and its end did not."""
        return self._inflater is not None and not self._is_over

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """What these bytes unpack to, in pieces of at most ``PIECE`` bytes."""
        piece = b""
        while (data or len(piece) == PIECE) and not self._is_over:
            piece, data = self._step(data)
            self._left -= len(piece)
            if self._left < 0:
                raise TooMuch
            yield piece

    def _step(self, data: bytes) -> tuple[bytes, bytes]:
        """A piece, and the bytes that were not looked at for it."""
        try:
            piece, inflater = self._inflated(data)
        except zlib.error as error:
            raise CannotUnpack(f"it is not packed as {self._kind}") from error
        if not inflater.eof:
            return piece, inflater.unconsumed_tail
        rest = inflater.unused_data
        if rest.startswith(_GZIP_MAGIC) and self._kind != "deflate":  # another member follows
            self._inflater = zlib.decompressobj(_FORMATS[self._kind])
        else:
            self._is_over = True
        return piece, rest

    def _inflated(self, data: bytes) -> tuple[bytes, zlib._Decompress]:
        if self._inflater is not None:
            return self._inflater.decompress(data, PIECE), self._inflater
        self._inflater = zlib.decompressobj(_FORMATS[self._kind])
        try:
            return self._inflater.decompress(data, PIECE), self._inflater
        except zlib.error:
            if self._kind != "deflate":
                raise
        self._inflater = zlib.decompressobj(-zlib.MAX_WBITS)  # some servers leave out the frame
        return self._inflater.decompress(data, PIECE), self._inflater
