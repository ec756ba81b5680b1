"""PNG: every color type, depth, filter and pass, palettes that are too short, chunks in odd places, damage."""
import io
import struct
import zlib

import numpy as np

from . import pictures

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(kind, body=b"", crc=None):
    crc = zlib.crc32(kind + body) if crc is None else crc
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)


def header(width, height, depth, color, interlace=0):
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace))


def samples(width, height, depth, color, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 1 << depth, (height, width, CHANNELS[color]), dtype=np.uint32)


def packed_row(row, depth):
    flat = row.reshape(-1)
    if depth == 16:
        return flat.astype(">u2").tobytes()
    if depth == 8:
        return flat.astype(np.uint8).tobytes()
    bits = ((flat[:, None] >> np.arange(depth - 1, -1, -1)) & 1).astype(np.uint8).reshape(-1)
    return np.packbits(bits).tobytes()


def filtered(row, above, size, kind):
    out = bytearray([kind])
    for i, value in enumerate(row):
        left = row[i - size] if i >= size else 0
        up = above[i]
        corner = above[i - size] if i >= size else 0
        guess = left + up - corner
        near = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))[2]
        out.append((value - [0, left, up, (left + up) // 2, near][kind]) & 255)
    return bytes(out)


def raw(pixels, depth, filters=(0, 1, 2, 3, 4)):
    """The filtered rows of a picture or a pass."""
    height, width, channels = pixels.shape
    if width == 0:
        return b""
    size = max(1, depth * channels // 8)
    out, above = [], bytes((width * channels * depth + 7) // 8)
    for y in range(height):
        row = packed_row(pixels[y], depth)
        out.append(filtered(row, above, size, filters[y % len(filters)]))
        above = row
    return b"".join(out)


def interlaced(pixels, depth):
    return b"".join(raw(pixels[y::dy, x::dx], depth) for x, y, dx, dy in PASSES)


def palette(count, seed=9):
    return chunk(b"PLTE", np.random.default_rng(seed).integers(0, 256, 3 * count, dtype=np.uint8).tobytes())


def png(width, height, depth, color, data=None, before=b"", after=b"", interlace=0, idat=None, end=chunk(b"IEND")):
    pixels = samples(width, height, depth, color)
    if data is None:
        data = zlib.compress(interlaced(pixels, depth) if interlace else raw(pixels, depth))
    if color == 3 and b"PLTE" not in before:
        before = palette(1 << depth) + before
    idat = chunk(b"IDAT", data) if idat is None else idat
    return SIGNATURE + header(width, height, depth, color, interlace) + before + idat + after + end


def kinds():
    for color, depths in DEPTHS.items():
        for depth in depths:
            for interlace in (0, 1):
                for width, height in ((23, 17), (8, 8), (1, 1), (5, 2), (2, 9)):
                    name = f"color{color}_depth{depth}_{'adam7' if interlace else 'rows'}_{width}x{height}"
                    yield name, png(width, height, depth, color, interlace=interlace)
    for kind in range(5):
        for color in (0, 2, 6):
            pixels = samples(31, 9, 8, color)
            yield f"filter{kind}_color{color}", png(31, 9, 8, color, zlib.compress(raw(pixels, 8, (kind,))))
    for width in range(1, 9):
        yield f"adam7_{width}x{9 - width}", png(width, 9 - width, 8, 2, interlace=1)
        yield f"adam7_1bit_{width}x3", png(width, 3, 1, 0, interlace=1)


def palettes():
    pixels = zlib.compress(raw(samples(16, 16, 8, 3), 8))
    for count in (0, 1, 2, 100, 255, 256):
        yield f"palette_of_{count}", png(16, 16, 8, 3, pixels, palette(count))
    yield "palette_missing", SIGNATURE + header(16, 16, 8, 3) + chunk(b"IDAT", pixels) + chunk(b"IEND")
    yield "palette_with_half_a_color", png(16, 16, 8, 3, pixels, chunk(b"PLTE", b"PLTE" + bytes(range(100))))
    yield "palette_of_300", png(16, 16, 8, 3, pixels, palette(300))
    yield "palette_twice", png(16, 16, 8, 3, pixels, palette(256) + palette(200, 5))
    yield "palette_on_rgb", png(8, 8, 8, 2, before=palette(10))
    for name, alpha in (("one", b"\0"), ("half", bytes(range(0, 256, 2))), ("late", b"\xff" * 5 + b"\0")):
        yield f"transparent_palette_{name}", png(16, 16, 8, 3, pixels, palette(256) + chunk(b"tRNS", alpha))
    yield "transparent_gray", png(9, 9, 8, 0, before=chunk(b"tRNS", b"\0\x20"))
    yield "transparent_gray_bit", png(9, 9, 1, 0, before=chunk(b"tRNS", b"\0\1"))
    yield "transparent_rgb", png(9, 9, 8, 2, before=chunk(b"tRNS", b"\0\1\0\2\0\3"))
    yield "transparent_16", png(9, 9, 16, 2, before=chunk(b"tRNS", b"\1\1\1\2\0\3"))


def chunks():
    pixels = samples(23, 17, 8, 2)
    data = zlib.compress(raw(pixels, 8))
    one = lambda **more: png(23, 17, 8, 2, data, **more)
    yield "idat_of_single_bytes", one(idat=b"".join(chunk(b"IDAT", data[i : i + 1]) for i in range(len(data))))
    yield "idat_with_empty_ones", one(idat=chunk(b"IDAT") + chunk(b"IDAT", data[:50]) + chunk(b"IDAT") * 3 + chunk(b"IDAT", data[50:]))
    yield "idat_interrupted", one(idat=chunk(b"IDAT", data[:200]) + chunk(b"tIME", bytes(7)) + chunk(b"IDAT", data[200:]))
    yield "idat_then_more", one(idat=chunk(b"IDAT", data) + chunk(b"IDAT", b"garbage"))
    yield "bytes_behind_the_stream", one(idat=chunk(b"IDAT", data + b"garbage"))
    for name, body in (("gAMA", struct.pack(">I", 45455)), ("gAMA", struct.pack(">I", 220000)), ("cHRM", bytes(32)), ("sRGB", b"\1"), ("pHYs", bytes(9)), ("bKGD", bytes(6)), ("sBIT", b"\5\6\5"), ("tIME", bytes(7)), ("CgBI", bytes(4)), ("abCd", b"own"), ("cICP", b"\x09\x10\0\1")):
        yield f"with_{name}_{len(body)}_{body[-1]}", one(before=chunk(name.encode(), body))
    yield "with_iCCP", one(before=chunk(b"iCCP", b"name\0\0" + zlib.compress(bytes(128))))
    yield "with_text", one(before=chunk(b"tEXt", b"Comment\0hello"), after=chunk(b"tEXt", b"Comment\0later"))
    for kind in (b"IHDR", b"gAMA", b"tEXt", b"abCd"):
        good = png(23, 17, 8, 2, data, before=chunk(b"gAMA", bytes(4)) + chunk(b"tEXt", b"k\0v") + chunk(b"abCd", b"x"))
        at = good.index(kind) + 4 + struct.unpack(">I", good[good.index(kind) - 4 : good.index(kind)])[0]
        yield f"crc_wrong_{kind.decode()}", good[:at] + b"\0\0\0\0" + good[at + 4 :]
    yield "crc_wrong_IDAT", one(idat=chunk(b"IDAT", data, 1))
    yield "crc_wrong_behind", one(after=chunk(b"tEXt", b"k\0v", 1))
    yield "crc_wrong_IEND", one(end=chunk(b"IEND", crc=1))
    yield "iend_missing", one(end=b"")
    yield "trailing_bytes", one(end=chunk(b"IEND") + b"trailing bytes" * 9)
    yield "header_long", SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", 23, 17, 8, 2, 0, 0, 0) + b"more") + chunk(b"IDAT", data) + chunk(b"IEND")
    yield "header_behind_text", SIGNATURE + chunk(b"tEXt", b"k\0v") + header(23, 17, 8, 2) + chunk(b"IDAT", data) + chunk(b"IEND")
    yield "header_missing", SIGNATURE + chunk(b"IDAT", data) + chunk(b"IEND")
    yield "header_method", SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", 23, 17, 8, 2, 7, 0, 0)) + chunk(b"IDAT", data) + chunk(b"IEND")
    yield "header_interlace_2", SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", 23, 17, 8, 2, 0, 0, 2)) + chunk(b"IDAT", zlib.compress(interlaced(pixels, 8))) + chunk(b"IEND")
    for depth, color in ((3, 0), (16, 3), (4, 2), (8, 5), (32, 2)):
        yield f"header_depth{depth}_color{color}", SIGNATURE + header(23, 17, depth, color) + chunk(b"IDAT", data) + chunk(b"IEND")
    yield "header_huge", SIGNATURE + header(2000000000, 2000000000, 8, 2) + chunk(b"IDAT", data) + chunk(b"IEND")
    yield "header_no_width", SIGNATURE + header(0, 17, 8, 2) + chunk(b"IDAT", data) + chunk(b"IEND")


def streams():
    pixels = samples(23, 17, 8, 2)
    rows = raw(pixels, 8)
    for bits in range(9, 16):
        packer = zlib.compressobj(9, zlib.DEFLATED, bits)
        yield f"window_{bits}", png(23, 17, 8, 2, packer.compress(rows) + packer.flush())
    for level in (0, 1):
        yield f"level_{level}", png(23, 17, 8, 2, zlib.compress(rows, level))
    for name, strategy in (("huffman", zlib.Z_HUFFMAN_ONLY), ("fixed", zlib.Z_FIXED), ("rle", zlib.Z_RLE)):
        packer = zlib.compressobj(9, zlib.DEFLATED, 15, 9, strategy)
        yield f"strategy_{name}", png(23, 17, 8, 2, packer.compress(rows) + packer.flush())
    packer = zlib.compressobj()
    parts = [packer.compress(rows[i : i + 70]) + packer.flush(zlib.Z_FULL_FLUSH) for i in range(0, len(rows), 70)]
    yield "flushed", png(23, 17, 8, 2, b"".join(parts) + packer.flush())
    data = zlib.compress(rows)
    yield "checksum_wrong", png(23, 17, 8, 2, data[:-1] + bytes([data[-1] ^ 1]))
    yield "checksum_missing", png(23, 17, 8, 2, data[:-4])
    yield "checksum_wrong_in_next_chunk", png(23, 17, 8, 2, idat=chunk(b"IDAT", data[:-4]) + chunk(b"IDAT", b"\0\0\0\0"))
    yield "stream_raw", png(23, 17, 8, 2, data[2:-4])
    yield "ends_after_row_9", png(23, 17, 8, 2, zlib.compress(rows[: 9 * 70]))
    yield "ends_within_row_9", png(23, 17, 8, 2, zlib.compress(rows[: 9 * 70 + 3]))
    yield "ends_after_row_9_palette", png(23, 17, 8, 3, zlib.compress(raw(samples(23, 17, 8, 3), 8)[: 9 * 24]))
    yield "ends_within_pass_3", png(16, 16, 8, 3, zlib.compress(interlaced(samples(16, 16, 8, 3), 8)[:30]), interlace=1)
    yield "rows_too_many", png(23, 17, 8, 2, zlib.compress(rows + rows))
    yield "filter_unknown", png(23, 17, 8, 2, zlib.compress(rows[:70] + b"\5" + rows[71:]))
    yield "large_flat", png(700, 500, 8, 2, zlib.compress(raw(np.zeros((500, 700, 3), np.uint32), 8, (0,))))
    noise = zlib.compress(raw(samples(300, 120, 8, 2), 8, (0,)))
    yield "large_noise", png(300, 120, 8, 2, noise)
    yield "large_noise_chunks", png(300, 120, 8, 2, idat=b"".join(chunk(b"IDAT", noise[i : i + 8192]) for i in range(0, len(noise), 8192)))


def frame(number, width, height, x=0, y=0):
    return chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, width, height, x, y, 1, 10, 0, 0))


def animations():
    for color in (2, 3, 6):
        data = zlib.compress(raw(samples(16, 12, 8, color), 8))
        other = zlib.compress(raw(samples(16, 12, 8, color, 1), 8))
        extra = palette(256) if color == 3 else b""
        still = lambda before, after=b"", idat=None, data=data: png(16, 12, 8, color, data, extra + before, after, idat=idat)
        count = chunk(b"acTL", struct.pack(">II", 2, 0))
        second = frame(1, 16, 12) + chunk(b"fdAT", struct.pack(">I", 2) + other)
        yield f"animation_color{color}", still(count + frame(0, 16, 12), second)
        yield f"animation_with_still_color{color}", still(count, frame(0, 16, 12) + chunk(b"fdAT", struct.pack(">I", 1) + other))
        small = zlib.compress(raw(samples(7, 5, 8, color), 8))
        yield f"animation_small_frame_color{color}", still(count + frame(0, 7, 5, 4, 3), second, data=small)
        yield f"animation_frame_only_color{color}", still(count + frame(0, 16, 12), idat=chunk(b"fdAT", struct.pack(">I", 1) + data))
        yield f"animation_frame_beyond_color{color}", still(count + frame(0, 16, 12, 1, 1), second)


def cuts():
    """Cut off at every place of the end, where the compressed stream, checksum and last chunk are."""
    whole = png(6, 5, 8, 2, before=chunk(b"tEXt", b"k\0v"))
    for missing in list(range(1, 40, 2)) + [60, 90, len(whole) - 20, len(whole) - 8]:
        yield f"cut_{missing}", whole[:-missing]
    whole = png(6, 5, 8, 2, after=chunk(b"tEXt", b"key\0value"))
    for missing in range(1, 45, 5):
        yield f"cut_behind_{missing}", whole[:-missing]


def by_pillow():
    for mode in ("1", "L", "LA", "I;16", "P", "RGB", "RGBA"):
        for options in ({}, {"optimize": True}, {"compress_level": 0}):
            picture = pictures.image("I").convert("I;16") if mode == "I;16" else pictures.image(mode)
            out = io.BytesIO()
            picture.save(out, "PNG", **options)
            yield f"pillow_{mode.replace(';', '')}_{len(options) and next(iter(options))}", out.getvalue()


def files():
    for maker in (kinds, palettes, chunks, streams, animations, cuts, by_pillow):
        for name, data in maker():
            yield f"png_{name}.png", data
