"""Bitmaps of Windows and OS/2: headers, depths, masks, runs, palettes, and sizes that are not true."""
import io
import struct

import numpy as np

from . import pictures

RGB_MASKS = {
    "bgrx": (0xFF0000, 0xFF00, 0xFF, 0), "xbgr": (0xFF000000, 0xFF0000, 0xFF00, 0), "bgxr": (0xFF000000, 0xFF00, 0xFF, 0),
    "abgr": (0xFF000000, 0xFF0000, 0xFF00, 0xFF), "rgba": (0xFF, 0xFF00, 0xFF0000, 0xFF000000),
    "bgra": (0xFF0000, 0xFF00, 0xFF, 0xFF000000), "bgar": (0xFF000000, 0xFF00, 0xFF, 0xFF0000), "none": (0, 0, 0, 0)}


def colors(count, size, seed=3):
    table = np.random.default_rng(seed).integers(0, 256, (count, size), dtype=np.uint8)
    return table.tobytes()


def rows(width, height, bits, seed=0):
    stride = (width * bits + 31) // 32 * 4
    return np.random.default_rng(seed).integers(0, 256, stride * height, dtype=np.uint8).tobytes()


def windows(width, height, bits, size=40, compression=0, palette=b"", pixels=None, masks=None, used=0, offset=None, dib=False):
    pixels = rows(width, abs(height), bits) if pixels is None else pixels
    head = struct.pack("<IiiHHIIiiII", size, width, height, 1, bits, compression, len(pixels), 2835, 2835, used, 0)
    behind = b""
    if masks:
        packed = struct.pack("<4I", *masks)
        head += packed if size > 40 else b""
        behind = packed[:12] if size == 40 else b""
    head = (head + bytes(124))[:size] + behind + palette
    if dib:
        return head + pixels
    offset = 14 + len(head) if offset is None else offset
    return b"BM" + struct.pack("<IHHI", 14 + len(head) + len(pixels), 0, 0, offset) + head + pixels


def os2(width, height, bits, palette=b"", offset=None):
    head = struct.pack("<IHHHH", 12, width, height, 1, bits) + palette
    pixels = rows(width, height, bits)
    return b"BM" + struct.pack("<IHHI", 0, 0, 0, 14 + len(head) if offset is None else offset) + head + pixels


def plain():
    for bits in (1, 4, 8, 16, 24, 32):
        palette = colors(1 << bits, 4) if bits <= 8 else b""
        for size in (40, 52, 56, 64, 108, 124):
            yield f"{bits}bit_header{size}", windows(23, 17, bits, size, palette=palette)
        for width, height in ((1, 1), (3, 2), (8, 5), (33, 4)):
            yield f"{bits}bit_{width}x{height}", windows(width, height, bits, palette=palette)
        yield f"{bits}bit_top_down", windows(23, -17, bits, palette=palette)
        yield f"{bits}bit_dib", windows(23, 17, bits, palette=palette, dib=True)
        yield f"{bits}bit_offset_0", windows(23, 17, bits, palette=palette, offset=0)
        yield f"{bits}bit_offset_of_palette", windows(23, 17, bits, palette=palette, offset=54)
        yield f"{bits}bit_offset_later", windows(23, 17, bits, palette=palette + bytes(10))
        yield f"{bits}bit_os2", os2(23, 17, bits, colors(1 << bits, 3) if bits <= 8 else b"")
        yield f"{bits}bit_trailing", windows(23, 17, bits, palette=palette) + b"trailing bytes"
        yield f"{bits}bit_cut_padding", windows(21, 17, bits, palette=palette)[:-1]
        yield f"{bits}bit_cut", windows(21, 17, bits, palette=palette)[:-9]
    for bits in (2, 5, 64, 0):
        yield f"{bits}bit", windows(9, 9, bits, pixels=bytes(9 * 80))
    yield "header_41", windows(9, 9, 24, 41)
    yield "huge", windows(60000, 60000, 24, pixels=bytes(100))
    yield "huge_height", windows(9, -(1 << 24), 24, pixels=bytes(100))
    yield "no_width", windows(0, 9, 24, pixels=bytes(100))
    yield "negative_width", windows(-9, 9, 24, pixels=bytes(1000))


def masks():
    for name, mask in RGB_MASKS.items():
        for size in (40, 52, 56, 108, 124):
            yield f"masks_{name}_header{size}", windows(23, 17, 32, size, 3, masks=mask)
    for name, mask in (("565", (0xF800, 0x7E0, 0x1F, 0)), ("555", (0x7C00, 0x3E0, 0x1F, 0)), ("444", (0xF00, 0xF0, 0xF, 0))):
        yield f"masks_{name}", windows(23, 17, 16, 40, 3, masks=mask)
        yield f"masks_{name}_header108", windows(23, 17, 16, 108, 3, masks=mask)
    yield "masks_24", windows(23, 17, 24, 40, 3, masks=(0xFF0000, 0xFF00, 0xFF, 0))
    yield "masks_24_rgb", windows(23, 17, 24, 40, 3, masks=(0xFF, 0xFF00, 0xFF0000, 0))
    yield "masks_8", windows(23, 17, 8, 40, 3, colors(256, 4), masks=(0xE0, 0x1C, 3, 0))
    for compression in (4, 5, 6, 11):
        yield f"compression_{compression}", windows(9, 9, 24, compression=compression)


def palettes():
    gray = lambda count, step=1: b"".join(bytes([i * step & 255] * 3 + [0]) for i in range(count))
    for bits in (1, 4, 8):
        for used in (1, 2, 3, 10, 16, 200, 256, 300, 70000):
            yield f"{bits}bit_palette_of_{used}", windows(23, 17, bits, palette=colors(min(used, 400), 4), used=used)
        yield f"{bits}bit_palette_cut", windows(23, 17, bits, palette=b"", offset=54, used=2)
    yield "gray_2", windows(23, 17, 1, palette=gray(2, 255), used=2)
    yield "gray_2_inverted", windows(23, 17, 1, palette=gray(2, 255)[::-1], used=2)
    yield "gray_1", windows(23, 17, 1, palette=gray(1), used=1)
    yield "gray_256", windows(23, 17, 8, palette=gray(256))
    yield "gray_100", windows(23, 17, 8, palette=gray(100), used=100)
    yield "gray_16_of_4_bits", windows(23, 17, 4, palette=gray(16, 17))
    yield "gray_16_of_4_bits_as_numbers", windows(23, 17, 4, palette=gray(16))
    yield "gray_16_of_4_bits_as_numbers_narrow", windows(3, 17, 4, palette=gray(16))
    yield "gray_2_of_8_bits", windows(23, 17, 8, palette=gray(2, 255), used=2)
    yield "gray_2_of_4_bits", windows(23, 17, 4, palette=gray(2, 255), used=2)
    yield "gray_512", windows(23, 17, 8, palette=gray(512), used=512)


def runs():
    for bits, compression in ((8, 1), (4, 2), (4, 1), (8, 2), (1, 1), (24, 1)):
        palette = colors(1 << bits, 4) if bits <= 8 else b""
        make = lambda body, width=6, height=4, **more: windows(width, height, bits, compression=compression, palette=palette, pixels=bytes(body), **more)
        name = f"runs{compression}_{bits}bit"
        full = [6, 0x12, 0, 0, 3, 7, 3, 0x34, 0, 0, 0, 5, 1, 2, 3, 4, 5, 0, 1, 9, 0, 0, 6, 0x21, 0, 1]
        yield f"{name}", make(full)
        yield f"{name}_top_down", make(full, height=-4)
        yield f"{name}_odd_offset", windows(6, 4, bits, compression=compression, palette=palette + b"x", pixels=bytes(full + [0, 0]))
        yield f"{name}_rows_short", make([2, 1, 0, 0, 0, 0, 3, 2, 0, 0, 6, 3])
        yield f"{name}_rows_long", make([9, 1, 0, 0, 200, 2, 0, 0, 6, 3, 0, 0, 6, 4])
        yield f"{name}_without_ends", make([6, 1, 6, 2, 6, 3, 6, 4])
        yield f"{name}_across", make([4, 1, 4, 2, 0, 0, 6, 3, 0, 0, 6, 3, 0, 0, 6, 3])
        yield f"{name}_skip", make([2, 1, 0, 2, 1, 1, 3, 5, 0, 0, 0, 2, 6, 1, 0, 0, 0, 2, 255, 255])
        yield f"{name}_verbatim_across", make([0, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 15] + list(range(16)) + [6, 6])
        yield f"{name}_ends_early", make([6, 1, 0, 0, 6, 2, 0, 1])
        yield f"{name}_cut", make([6, 1, 0, 0, 6, 2])


def by_pillow():
    for mode in ("1", "L", "P", "RGB", "RGBA"):
        out = io.BytesIO()
        pictures.image(mode).save(out, "BMP")
        yield f"pillow_{mode}", out.getvalue()


def files():
    for maker in (plain, masks, palettes, runs, by_pillow):
        for name, data in maker():
            yield f"bmp_{name}.bmp", data
