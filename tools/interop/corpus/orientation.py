"""Orientation in every place where PIL finds it: EXIF with all types of tag, cut into segments or damaged, profiles, XMP."""
import io
import struct
import zlib

from . import pictures, png

EXIF = b"Exif\0\0"
ORIENTATION = 0x112
XMP_NAME = b"http://ns.adobe.com/xap/1.0/\0"
VALUES = {1: "B", 2: "c", 3: "H", 4: "I", 5: "I", 6: "b", 7: "B", 8: "h", 9: "i", 10: "i", 11: "f", 12: "d", 13: "I", 16: "Q", 17: "q", 18: "Q"}
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}


def tiff(kind, *values, order="<", before=(), mark=None):
    """A TIFF block whose directory has the tag, behind entries that are given as they are."""
    if kind == 2:
        body = "".join(map(str, values)).encode()
    elif kind in (5, 10):
        body = b"".join(struct.pack(order + 2 * VALUES[kind], 3 * v, 3) for v in values)
    else:
        body = b"".join(struct.pack(order + VALUES[kind], v) for v in values)
    count = len(body) // SIZES[kind]
    directory = 8 + 2 + 12 * (len(before) + 1) + 4
    inside = body.ljust(4, b"\0") if len(body) <= 4 else struct.pack(order + "I", directory)
    entries = b"".join(before) + struct.pack(order + "HHI", ORIENTATION, kind, count) + inside
    mark = mark or {"<": b"II*\0", ">": b"MM\0*"}[order]
    return mark + struct.pack(order + "IH", 8, len(before) + 1) + entries + bytes(4) + body


def xmp(value, element=False):
    tag = f"<tiff:Orientation>{value}</tiff:Orientation>" if element else ""
    attribute = "" if element else f' tiff:Orientation="{value}"'
    text = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/"%s>%s</rdf:Description></rdf:RDF></x:xmpmeta>'
    return (text % (attribute, tag)).encode()


def blocks():
    for order, name in (("<", "little"), (">", "big")):
        for kind in VALUES:
            yield f"type{kind}_{name}", tiff(kind, 6, order=order)
        for kind in (3, 4, 1, 9, 5):
            yield f"type{kind}_two_values_{name}", tiff(kind, 8, 3, order=order)
            yield f"type{kind}_three_values_{name}", tiff(kind, 5, 1, 1, order=order)
        other = struct.pack(order + "HHIHH", 0x100, 3, 1, 5, 0)
        yield f"second_entry_{name}", tiff(3, 6, order=order, before=(other,))
        yield f"unknown_type_before_{name}", tiff(3, 6, order=order, before=(struct.pack(order + "HHII", 0x10F, 99, 7, 7),))
        yield f"data_outside_before_{name}", tiff(3, 6, order=order, before=(struct.pack(order + "HHII", 0x10F, 2, 9, 5000),))
        yield f"data_too_large_before_{name}", tiff(3, 6, order=order, before=(struct.pack(order + "HHII", 0x10F, 2, 90000, 8),))
        yield f"empty_before_{name}", tiff(3, 6, order=order, before=(struct.pack(order + "HHII", ORIENTATION, 3, 0, 0),))
        yield f"bytes_before_{name}", tiff(3, 6, order=order, before=(struct.pack(order + "HHI4B", ORIENTATION, 7, 4, 6, 6, 6, 6),))
        yield f"twice_{name}", tiff(3, 6, order=order, before=(struct.pack(order + "HHIHH", ORIENTATION, 3, 1, 8, 0),))
    for value in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 255, 65535):
        yield f"value{value}", tiff(3, value)
    yield "value_minus", tiff(8, -3)
    yield "odd_mark_1", tiff(3, 6, mark=b"II\0*")
    yield "odd_mark_2", tiff(3, 6, order=">", mark=b"MM*\0")
    yield "big_tiff", b"II+\0\x08\0\0\0" + struct.pack("<QQHHQQ", 16, 1, ORIENTATION, 3, 1, 6) + bytes(8)
    yield "big_tiff_mark_alone", tiff(3, 6, order=">", mark=b"MM\0+")
    whole = tiff(3, 6)
    for end in (0, 3, 7, 9, 12, 18, 21, 22, 25):
        yield f"cut_{end}", whole[:end]
    yield "directory_outside", whole[:4] + struct.pack("<I", 4000) + whole[8:]
    yield "directory_at_end", whole[:4] + struct.pack("<I", len(whole)) + whole[8:]
    yield "entries_too_many", whole[:8] + b"\xff\xff" + whole[10:]
    yield "named_twice", EXIF + whole


def jpeg(*segments):
    out = io.BytesIO()
    pictures.image(width=24, height=16).save(out, "JPEG", quality=90, subsampling=0)
    whole = out.getvalue()
    return whole[:2] + b"".join(b"\xff\xe1" + struct.pack(">H", len(s) + 2) + s for s in segments) + whole[2:]


def in_jpeg():
    whole = tiff(3, 6)
    for name, block in blocks():
        yield name, jpeg(EXIF + block)
    yield "empty_first", jpeg(EXIF, EXIF + whole)
    yield "cut_in_two", jpeg(EXIF + whole[:15], EXIF + whole[15:])
    yield "two_blocks", jpeg(EXIF + tiff(3, 8), EXIF + whole)
    yield "damaged_then_good", jpeg(EXIF + b"II*\0" + bytes(9), EXIF + whole)
    yield "name_without_zeros", jpeg(b"Exif\0\1" + whole)
    yield "name_in_capitals", jpeg(b"EXIF\0\0" + whole)
    for element in (False, True):
        yield f"xmp_{element}", jpeg(XMP_NAME + xmp(6, element))
        yield f"xmp_and_exif_{element}", jpeg(XMP_NAME + xmp(6, element), EXIF + tiff(3, 3))
        yield f"xmp_and_exif_upright_{element}", jpeg(EXIF + tiff(3, 1), XMP_NAME + xmp(6, element))
        yield f"xmp_and_exif_bytes_{element}", jpeg(EXIF + tiff(1, 3), XMP_NAME + xmp(6, element))
        yield f"xmp_and_exif_without_{element}", jpeg(EXIF + whole[:8] + b"\0\0" + bytes(4), XMP_NAME + xmp(6, element))
        yield f"xmp_twice_{element}", jpeg(XMP_NAME + xmp(6, element), XMP_NAME + xmp(8, element))
        yield f"xmp_9_{element}", jpeg(XMP_NAME + xmp(9, element))
    yield "xmp_single_quotes", jpeg(XMP_NAME + xmp(6).replace(b'"6"', b"'6'"))
    yield "xmp_spaced", jpeg(XMP_NAME + xmp(6).replace(b'="6"', b' = "6"'))


def in_png():
    pixels = zlib.compress(png.raw(png.samples(24, 16, 8, 2), 8))
    make = lambda before=b"", after=b"": png.png(24, 16, 8, 2, pixels, before, after)
    whole = tiff(3, 6)
    for name, block in blocks():
        yield name, make(png.chunk(b"eXIf", block))
    hexed = lambda block: b"\nexif\n%8d\n" % len(block) + b"\n".join(block.hex().encode()[i : i + 72] for i in range(0, 2 * len(block), 72)) + b"\n"
    texts = {"tEXt": lambda key, text: png.chunk(b"tEXt", key + b"\0" + text),
             "zTXt": lambda key, text: png.chunk(b"zTXt", key + b"\0\0" + zlib.compress(text)),
             "iTXt": lambda key, text: png.chunk(b"iTXt", key + b"\0\0\0en\0name\0" + text),
             "iTXt_packed": lambda key, text: png.chunk(b"iTXt", key + b"\0\1\0\0\0" + zlib.compress(text))}
    for where in ("before", "after"):
        put = lambda data: make(**{where: data})
        yield f"eXIf_{where}", put(png.chunk(b"eXIf", whole))
        yield f"eXIf_twice_{where}", put(png.chunk(b"eXIf", tiff(3, 8)) + png.chunk(b"eXIf", whole))
        for kind, text in texts.items():
            yield f"profile_{kind}_{where}", put(text(b"Raw profile type exif", hexed(EXIF + whole)))
            yield f"profile_app1_{kind}_{where}", put(text(b"Raw profile type APP1", hexed(EXIF + whole)))
            yield f"xmp_{kind}_{where}", put(text(b"XML:com.adobe.xmp", xmp(6)))
            yield f"xmp_element_{kind}_{where}", put(text(b"XML:com.adobe.xmp", xmp(6, True)))
    yield "text_exif", make(png.chunk(b"tEXt", b"exif\0" + whole))
    yield "eXIf_and_profile", make(png.chunk(b"eXIf", tiff(3, 3)), texts["zTXt"](b"Raw profile type exif", hexed(EXIF + whole)))
    yield "eXIf_and_xmp", make(texts["iTXt"](b"XML:com.adobe.xmp", xmp(3)) + png.chunk(b"eXIf", whole))
    yield "eXIf_on_both_sides", make(png.chunk(b"eXIf", tiff(3, 3)), png.chunk(b"eXIf", whole))
    yield "eXIf_behind_iend", make() + png.chunk(b"eXIf", whole)
    yield "eXIf_behind_with_wrong_crc", make(after=png.chunk(b"eXIf", whole, 1))
    yield "adam7", png.png(24, 16, 8, 2, before=png.chunk(b"eXIf", tiff(3, 7)), interlace=1)
    for value in range(2, 9):
        yield f"palette_{value}", png.png(24, 16, 4, 3, before=png.chunk(b"eXIf", tiff(3, value)))


def in_webp():
    def make(chunks, flags, lossless=True):
        out = io.BytesIO()
        pictures.image(width=24, height=16).save(out, "WEBP", lossless=lossless)
        part = lambda kind, body: kind + struct.pack("<I", len(body)) + body + bytes(len(body) & 1)
        body = b"WEBP" + part(b"VP8X", struct.pack("<I", flags) + b"\x17\0\0\x0f\0\0") + out.getvalue()[12:]
        body += b"".join(part(*c) for c in chunks)
        return b"RIFF" + struct.pack("<I", len(body)) + body

    whole = tiff(3, 6)
    for name, exif in (("bare", whole), ("named", EXIF + whole), ("named_twice", EXIF * 2 + whole), ("long", tiff(4, 6, order=">")), ("bytes", tiff(1, 6))):
        yield f"exif_{name}", make([(b"EXIF", exif)], 8)
    yield "exif_without_flag", make([(b"EXIF", whole)], 0)
    yield "exif_twice", make([(b"EXIF", tiff(3, 3)), (b"EXIF", whole)], 8)
    yield "xmp", make([(b"XMP ", xmp(6))], 4)
    yield "xmp_element", make([(b"XMP ", xmp(8, True))], 4)
    yield "xmp_without_flag", make([(b"XMP ", xmp(6))], 8)
    yield "xmp_and_exif", make([(b"EXIF", tiff(3, 3)), (b"XMP ", xmp(6))], 12)
    yield "unknown_between", make([(b"abcd", b"odd"), (b"EXIF", whole)], 8)


def files():
    for suffix, maker in (("jpg", in_jpeg), ("png", in_png), ("webp", in_webp)):
        for name, data in maker():
            yield f"orientation_{suffix}_{name}.{suffix}", data
