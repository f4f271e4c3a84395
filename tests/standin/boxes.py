"""ISO base media files (ISO/IEC 14496-12), as far as adding a box to one needs."""

import struct

CONTAINERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
# Tables of absolute chunk offsets, and how wide an offset is in each.
OFFSET_TABLES = {b"stco": "I", b"co64": "Q"}


def free_box(payload: bytes) -> bytes:
    """A box whose content players ignore."""
    return struct.pack(">I4s", 8 + len(payload), b"free") + payload


def insert_after_ftyp(data: bytes, box: bytes) -> bytes:
    """Puts `box` second in the file, and corrects the chunk offsets for what moves back."""
    moved = bytearray(data)
    _shift_offsets(moved, 0, len(moved), len(box))
    ftyp_end = struct.unpack_from(">I", moved)[0]
    return bytes(moved[:ftyp_end] + box + moved[ftyp_end:])


def _shift_offsets(data: bytearray, start: int, end: int, distance: int) -> None:
    while start < end:
        size, kind = struct.unpack_from(">I4s", data, start)
        if kind in CONTAINERS:
            _shift_offsets(data, start + 8, start + size, distance)
        elif kind in OFFSET_TABLES:
            count = struct.unpack_from(">I", data, start + 12)[0]
            table = f">{count}{OFFSET_TABLES[kind]}"
            offsets = struct.unpack_from(table, data, start + 16)
            struct.pack_into(table, data, start + 16, *(offset + distance for offset in offsets))
        start += size
