"""Takes JPEG files apart and puts them together otherwise."""
import struct

from .blobs import saved


def jpeg(image, **options):
    return saved(image, 'JPEG', **{'quality': 80, **options})


def segment(marker, body):
    return bytes([0xFF, marker]) + struct.pack('>H', len(body) + 2) + body


def segments(data):
    """(marker, start, end) of each segment up to and with the first start of scan."""
    at = 2
    while True:
        marker = data[at + 1]
        end = at + 2 + struct.unpack('>H', data[at + 2:at + 4])[0]
        yield marker, at, end
        if marker == 0xDA:
            return
        at = end


def find(data, marker):
    return next((s, e) for m, s, e in segments(data) if m == marker)


def without(data, *markers):
    out, at = bytearray(data[:2]), 2
    for marker, start, end in segments(data):
        if marker not in markers:
            out += data[start:end]
        at = end
    return bytes(out) + data[at:]


def inserted(data, what, before=None):
    at = 2 if before is None else find(data, before)[0]
    return data[:at] + what + data[at:]


def frame(data):
    return next((s, e) for m, s, e in segments(data) if m in (0xC0, 0xC1, 0xC2, 0xC9, 0xCA))


def patched(data, at, *values):
    out = bytearray(data)
    out[at:at + len(values)] = bytes(values)
    return bytes(out)


def sampling(data, *factors):
    """Claims other sampling factors; the entropy-coded data no longer fits, which a decoder survives."""
    start, _ = frame(data)
    out = bytearray(data)
    for c, f in enumerate(factors):
        out[start + 11 + 3 * c] = f
    return bytes(out)


def component_ids(data, *ids):
    out = bytearray(data)
    start, _ = frame(data)
    scan, _ = find(data, 0xDA)
    for c, i in enumerate(ids):
        out[start + 10 + 3 * c] = i
        out[scan + 5 + 2 * c] = i
    return bytes(out)


def adobe(transform, length=12):
    return segment(0xEE, (b'Adobe' + struct.pack('>HHHB', 100, 0, 0, transform))[:length])


JFIF = segment(0xE0, b'JFIF\0\1\1\0\0\1\0\1\0\0')
PROFILE = b'ICC_PROFILE\0\1\1' + bytes(range(256)) * 2
