"""JPEG files that say how they are to be turned (EXIF 2.32, tag 0x0112)."""

import struct

START_OF_IMAGE = b"\xff\xd8"


def with_orientation(jpeg: bytes, orientation: int) -> bytes:
    """The JPEG with an Exif segment in front of all others."""
    directory = struct.pack(">H HHIHH I", 1, 0x0112, 3, 1, orientation, 0, 0)
    payload = b"Exif\0\0" + b"MM\0*" + struct.pack(">I", 8) + directory
    segment = b"\xff\xe1" + struct.pack(">H", 2 + len(payload)) + payload
    return START_OF_IMAGE + segment + jpeg.removeprefix(START_OF_IMAGE)
