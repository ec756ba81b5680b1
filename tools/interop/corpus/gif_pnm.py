"""Files under another name: GIF and the portable any-maps, and formats that are told by name only."""
import io
import struct

import numpy as np
from PIL import Image

from . import bmp, pictures


def packed(numbers, bits):
    """LZW without a table that grows: a clear code before the table needs wider codes."""
    clear, out, held, count = 1 << bits, bytearray(), 0, 0
    codes = []
    for i, number in enumerate(numbers):
        if i % (clear - 2 if clear > 4 else 1) == 0:
            codes.append(clear)
        codes.append(int(number))
    for code in codes + [clear + 1]:
        held |= code << count
        count += bits + 1
        while count >= 8:
            out.append(held & 255)
            held >>= 8
            count -= 8
    out.append(held & 255)
    blocks = b"".join(bytes([len(out[i : i + 255])]) + bytes(out[i : i + 255]) for i in range(0, len(out), 255))
    return bytes([bits]) + blocks + b"\0"


def gif(width, height, frame=None, bits=4, table=16, local=None, interlace=False, control=b"", version=b"GIF89a", end=b";", data=None):
    x, y, w, h = frame or (0, 0, width, height)
    numbers = np.random.default_rng(1).integers(0, 1 << bits, w * h)
    head = version + struct.pack("<HHBBB", width, height, (0x80 | (table.bit_length() - 2)) if table else 0, 0, 0)
    head += bmp.colors(table, 3) if table else b""
    flags = (0x40 if interlace else 0) | ((0x80 | (local.bit_length() - 2)) if local else 0)
    image = b"," + struct.pack("<HHHHB", x, y, w, h, flags) + (bmp.colors(local, 3, 8) if local else b"")
    return head + control + image + (packed(numbers, bits) if data is None else data) + end


def control(number, disposal=0):
    return b"!\xf9\4" + struct.pack("<BHBB", 1 | disposal << 2, 10, number, 0)


def gifs():
    for bits in (2, 3, 4, 7, 8):
        yield f"{bits}bit", gif(23, 17, bits=bits, table=1 << bits)
        yield f"{bits}bit_interlaced", gif(23, 17, bits=bits, table=1 << bits, interlace=True)
    for height in range(1, 10):
        yield f"interlaced_{height}", gif(5, height, interlace=True)
    for name, frame in (("inside", (3, 2, 9, 8)), ("beyond", (15, 9, 12, 12)), ("corner", (0, 0, 5, 5))):
        for number in (None, 3, 200):
            extra = control(number) if number is not None else b""
            yield f"frame_{name}_{number}", gif(23, 17, frame, control=extra)
            yield f"frame_{name}_{number}_local", gif(23, 17, frame, local=8, control=extra)
    for disposal in (1, 2, 3):
        yield f"disposal_{disposal}", gif(23, 17, control=control(2, disposal))
    yield "without_palette", gif(23, 17, table=0)
    yield "without_palette_transparent", gif(23, 17, (2, 2, 5, 5), table=0, control=control(9))
    yield "local_only", gif(23, 17, table=0, local=16)
    yield "short_palette", gif(23, 17, table=4)
    gray = bytes(v for i in range(16) for v in (i, i, i))
    whole = gif(23, 17)
    yield "gray_palette", whole[:13] + gray + whole[61:]
    yield "version_87", gif(23, 17, version=b"GIF87a")
    yield "comment", gif(23, 17, control=b"!\xfe\5hello\0!\xff\x0bNETSCAPE2.0\3\1\0\0\0")
    yield "trailer_missing", gif(23, 17, end=b"")
    yield "trailing_bytes", gif(23, 17) + b"trailing bytes" * 20
    yield "frame_empty", gif(23, 17, (0, 0, 0, 5))
    yield "no_frame", gif(23, 17)[:61] + b";"
    for missing in (2, 3, 4, 6, 20, 100):
        yield f"cut_{missing}", gif(23, 17)[:-missing]
    for mode in ("P", "L", "1", "RGB"):
        for interlace in (0, 1):
            out = io.BytesIO()
            pictures.image(mode, 80, 60).save(out, "GIF", interlace=interlace)
            yield f"pillow_{mode}_{interlace}", out.getvalue()
    out = io.BytesIO()
    frames = [pictures.image("P", seed=s) for s in range(3)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=10, loop=0)
    yield "pillow_animation", out.getvalue()
    out = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (120, 120), dtype=np.uint8)).save(out, "GIF")
    yield "pillow_noise", out.getvalue()


def anymaps():
    rng = np.random.default_rng(2)
    plain = lambda top, count: b" ".join(b"%d" % v for v in rng.integers(0, top + 1, count))
    yield "p1.pbm", b"P1\n# comment\n9 5\n" + bytes(rng.choice([48, 49], 45).astype(np.uint8))
    yield "p1_spaced.pbm", b"P1 9 5 " + b" ".join(bytes([b]) for b in rng.choice([48, 49], 45).astype(np.uint8))
    for top in (1, 15, 100, 255):
        yield f"p2_{top}.pgm", b"P2\n9 5\n%d\n" % top + plain(top, 45)
        yield f"p3_{top}.ppm", b"P3\n9 5\n%d\n" % top + plain(top, 135) + b"\n"
        yield f"p5_{top}.pgm", b"P5\n9 5\n%d\n" % top + rng.integers(0, top + 1, 45, dtype=np.uint8).tobytes()
        yield f"p6_{top}.ppm", b"P6 9 5 %d\n" % top + rng.integers(0, top + 1, 135, dtype=np.uint8).tobytes()
    for top in (1000, 65535):
        yield f"p2_{top}.pgm", b"P2\n9 5\n%d\n" % top + plain(top, 45)
        yield f"p5_{top}.pgm", b"P5\n9 5\n%d\n" % top + rng.integers(0, top + 1, 45).astype(">u2").tobytes()
        yield f"p3_{top}.ppm", b"P3\n9 5\n%d\n" % top + plain(top, 135)
        yield f"p6_{top}.ppm", b"P6\n9 5\n%d\n" % top + rng.integers(0, top + 1, 135).astype(">u2").tobytes()
    yield "p4.pbm", b"P4\n9 5\n" + rng.integers(0, 256, 10, dtype=np.uint8).tobytes()
    yield "p6_comments.ppm", b"P6 # one\n# two\n9#three\n 5\n255\n" + bytes(range(135))
    yield "p6_trailing.ppm", b"P6 9 5 255\n" + bytes(range(135)) + b"more"
    yield "p6_cut.ppm", b"P6 9 5 255\n" + bytes(range(134))
    yield "p5_above_top.pgm", b"P5 9 5 100\n" + bytes(range(200, 245))
    yield "p3_above_top.ppm", b"P3 1 1 10\n11 1 1"
    yield "p3_comments.ppm", b"P3 2 1 255\n1 2 # a comment 3\n3 4 5 6"
    yield "p2_cut.pgm", b"P2 9 5 255\n1 2 3"
    yield "p6_top_0.ppm", b"P6 9 5 0\n" + bytes(135)


def files():
    for name, data in gifs():
        yield f"gif_{name}.png", data
    for name, data in anymaps():
        yield f"pnm_{name.rsplit('.')[0]}.jpg", data
