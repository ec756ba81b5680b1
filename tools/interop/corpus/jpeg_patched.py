"""JPEG: segments in odd places, markers that are not true, damage and cuts.

Damaged files of four inks, and those with odd sampling, are left out: their pixels are a level off at most.
"""
import struct

import numpy as np

from .blobs import picture
from .jpeg_parts import JFIF, PROFILE, adobe, component_ids, find, frame, inserted, jpeg, patched, sampling, segment, without


def patched_jpegs():
    base = jpeg(picture(43, 35))
    full = jpeg(picture(43, 35), subsampling=0)
    gray = jpeg(picture(43, 35, mode='L'))
    prog = jpeg(picture(43, 35), progressive=True)
    bare = without(full, 0xE0)
    yield 'jpeg_no_jfif', bare
    yield 'jpeg_ids_rgb', component_ids(bare, 82, 71, 66)
    yield 'jpeg_ids_rgb_jfif', component_ids(full, 82, 71, 66)
    yield 'jpeg_ids_rgb_small', component_ids(bare, 114, 103, 98)
    yield 'jpeg_ids_012', component_ids(bare, 0, 1, 2)
    yield 'jpeg_ids_123', component_ids(bare, 1, 2, 3)
    yield 'jpeg_ids_odd', component_ids(bare, 7, 9, 200)
    yield 'jpeg_ids_ycc', component_ids(bare, 89, 67, 99)
    yield 'jpeg_ids_1_34_35', component_ids(bare, 1, 0x22, 0x23)
    for t in (0, 1, 2, 3, 255):
        yield 'jpeg_adobe_%d' % t, inserted(bare, adobe(t))
        yield 'jpeg_adobe_%d_jfif' % t, inserted(full, adobe(t), 0xDB)
        yield 'jpeg_jfif_after_adobe_%d' % t, inserted(full, adobe(t))
        yield 'jpeg_gray_adobe_%d' % t, inserted(gray, adobe(t))
        yield 'jpeg_adobe_%d_ids_rgb' % t, inserted(component_ids(bare, 82, 71, 66), adobe(t))
        yield 'jpeg_adobe_%d_before_scan' % t, inserted(bare, adobe(t), 0xDA)
    yield 'jpeg_adobe_short', inserted(bare, adobe(0, 11))
    yield 'jpeg_adobe_long', inserted(bare, segment(0xEE, b'Adobe' + struct.pack('>HHHB', 100, 0, 0, 0) + b'more'))
    yield 'jpeg_adobe_twice', inserted(bare, adobe(1) + adobe(0))
    yield 'jpeg_adobe_in_app13', inserted(bare, segment(0xED, b'Adobe' + struct.pack('>HHHB', 100, 0, 0, 0)))
    yield 'jpeg_jfif_short', inserted(component_ids(bare, 82, 71, 66), segment(0xE0, b'JFIF\0\1\1\0'))
    yield 'jpeg_jfif_13', inserted(component_ids(bare, 82, 71, 66), segment(0xE0, b'JFIF\0\1\1\0\0\1\0\1\0'))
    yield 'jpeg_jfif_late', inserted(component_ids(bare, 82, 71, 66), JFIF, 0xDA)
    yield 'jpeg_jfxx', inserted(component_ids(bare, 82, 71, 66), segment(0xE0, b'JFXX\0\x13\1\1' + bytes(3)))
    yield 'jpeg_jfif_version_2', inserted(bare, segment(0xE0, b'JFIF\0\2\0\0\0\1\0\1\0\0'))
    for junk, label in ((b'\0', 'zero'), (b'\xff', 'fill'), (b'\xff' * 300, 'fills'), (b'junk' * 9, 'junk'),
                        (b'\xff\0', 'stuffed'), (b'\xff\0\xff\0abc', 'stuffed_junk'), (b'\xff\x01', 'tem'),
                        (b'\xff\xd3', 'rst'), (b'\xff\xd8', 'soi'), (b'\xff\x02', 'res'), (b'\xff\xbf', 'bf'),
                        (b'\xff\xf0', 'jpg0'), (segment(0xF0, b'abcd'), 'jpg0_body'), (segment(0xDC, b'\0\x23'), 'dnl'),
                        (segment(0xDF, b'\1'), 'exp'), (segment(0xDE, bytes(9)), 'dhp'), (segment(0xC8, b'ab'), 'jpg'),
                        (segment(0xFE, b''), 'empty_comment'), (segment(0xFE, b'\xff\xd9\xff\xda'), 'comment_markers'),
                        (segment(0xE5, bytes(65533)), 'huge_app'), (segment(0xE2, b'x' * 65533) * 3, 'three_huge'),
                        (segment(0xE2, PROFILE), 'icc'), (b'\xff\xd9', 'eoi'), (segment(0xFE, bytes(65533)), 'huge_com'),
                        (segment(0xE1, b'Exif\0\0' + b'garbage'), 'bad_exif'), (segment(0xE1, b'Exif\0\0'), 'empty_exif'),
                        (b'\xff\xe1\0\1', 'length_1'), (b'\xff\xe1\0\0', 'length_0'),
                        (segment(0xCC, b'\0\x10'), 'dac'), (segment(0xDD, b'\0\0'), 'dri_0'),
                        (segment(0xDB, b'\x05' + bytes([7]) * 64), 'dqt_5'), (segment(0xDB, b'\0abc'), 'dqt_short')):
        yield 'jpeg_between_' + label, inserted(base, junk, 0xDB)
        yield 'jpeg_before_scan_' + label, inserted(base, junk, 0xDA)
        yield 'jpeg_progressive_between_' + label, inserted(prog, junk, 0xDB)
    for tail, label in ((b'\0' * 100, 'zeros'), (b'text', 'text'), (base, 'another'), (b'\xff' * 9, 'ffs'),
                        (b'\xff\xd9', 'eoi'), (b'\xff\xd8\xff\xe0', 'start')):
        yield 'jpeg_behind_' + label, base + tail
        yield 'jpeg_progressive_behind_' + label, prog + tail
    for n in (1, 2, 3, 4, 10, 50, 200):
        yield 'jpeg_cut_%d' % n, base[:-n]
        yield 'jpeg_progressive_cut_%d' % n, prog[:-n]
        yield 'jpeg_gray_cut_%d' % n, gray[:-n]
        yield 'jpeg_cut_%d_zeros' % n, base[:-n] + bytes(3000)
        yield 'jpeg_cut_%d_eoi' % n, base[:-n] + b'\xff\xd9'
        yield 'jpeg_progressive_cut_%d_eoi' % n, prog[:-n] + b'\xff\xd9'
    for extra, label in ((b'', ''), (b'\0' * 5, '_zeros'), (b'\xff\xff', '_fills'), (b'\xff\xd0', '_rst'),
                         (b'\xff\0', '_stuffed'), (segment(0xFE, b'hello'), '_comment'), (segment(0xDC, b'\0\x23'), '_dnl'),
                         (segment(0xC4, b''), '_dht'), (b'\xff\xe0\0\1', '_bad_length'), (b'\xff\xd8', '_soi')):
        yield 'jpeg_before_eoi%s' % label, base[:-2] + extra + base[-2:]
    for precision in (7, 9, 12, 16):
        start, _ = frame(base)
        yield 'jpeg_precision_%d' % precision, patched(base, start + 4, precision)
    for h in (0, 1, 34, 36, 64):
        start, _ = frame(base)
        yield 'jpeg_height_%d' % h, patched(base, start + 5, 0, h)
        start, _ = frame(prog)
        yield 'jpeg_progressive_height_%d' % h, patched(prog, start + 5, 0, h)
    for w in (0, 1, 42, 44, 80):
        start, _ = frame(base)
        yield 'jpeg_width_%d' % w, patched(base, start + 7, 0, w)
    for c in range(0xC0, 0xD0):
        start, _ = frame(base)
        yield 'jpeg_frame_%x' % c, patched(base, start + 1, c)
        start, _ = frame(prog)
        yield 'jpeg_progressive_frame_%x' % c, patched(prog, start + 1, c)
    for factors in ((0x11, 0x22, 0x11), (0x11, 0x11, 0x22), (0x21, 0x12, 0x11), (0x22, 0x21, 0x12), (0x41, 0x11, 0x11),
                    (0x14, 0x11, 0x11), (0x24, 0x11, 0x11), (0x42, 0x11, 0x11), (0x44, 0x11, 0x11), (0x31, 0x11, 0x11),
                    (0x33, 0x11, 0x11), (0x33, 0x22, 0x11), (0x13, 0x11, 0x11), (0x22, 0x22, 0x22), (0x22, 0x12, 0x12),
                    (0x12, 0x11, 0x11), (0x42, 0x21, 0x21), (0x41, 0x21, 0x21), (0x11, 0x21, 0x12), (0x15, 0x11, 0x11),
                    (0x01, 0x11, 0x11), (0x21, 0x21, 0x11), (0x22, 0x11, 0x21), (0x43, 0x21, 0x11)):
        yield 'jpeg_sampling_%02x_%02x_%02x' % factors, sampling(full, *factors)
        yield 'jpeg_progressive_sampling_%02x_%02x_%02x' % factors, sampling(prog, *factors)
    for f in (0x12, 0x21, 0x22, 0x33, 0x44):
        yield 'jpeg_gray_sampling_%02x' % f, sampling(gray, f)
        yield 'jpeg_cmyk_sampling_%02x' % f, sampling(jpeg(picture(37, 29).convert('CMYK')), f, 0x11, 0x11, f)
    cmyk = jpeg(picture(43, 35).convert('CMYK'))
    for seed in range(60):
        rng = np.random.default_rng(seed)
        for data, label in ((base, 'base'), (prog, 'progressive'), (gray, 'gray'), (cmyk, 'cmyk'),
                            (jpeg(picture(43, 35), restart_marker_blocks=2), 'restart')):
            scan = find(data, 0xDA)[1]
            out = bytearray(data)
            for _ in range(1 + seed % 3):
                out[rng.integers(scan, len(data) - 2)] = rng.integers(0, 256)
            yield 'jpeg_damaged_%s_%02d' % (label, seed), bytes(out)
            if seed < 20:
                out = bytearray(data)
                out[rng.integers(2, scan)] = rng.integers(0, 256)
                yield 'jpeg_damaged_header_%s_%02d' % (label, seed), bytes(out)
                at = int(rng.integers(scan, len(data) - 9))
                yield 'jpeg_hole_%s_%02d' % (label, seed), data[:at] + data[at + 1 + seed % 7:]
    restart = jpeg(picture(64, 48), restart_marker_blocks=1)
    at = restart.index(b'\xff\xd1')
    yield 'jpeg_restart_lost', restart[:at] + restart[at + 2:]
    yield 'jpeg_restart_wrong', patched(restart, at + 1, 0xD2)
    yield 'jpeg_restart_far', patched(restart, at + 1, 0xD6)
    yield 'jpeg_restart_twice', restart[:at] + restart[at:at + 2] + restart[at:]
    yield 'jpeg_restart_block_lost', restart[:at] + restart[restart.index(b'\xff\xd2'):]
    yield 'jpeg_without_tables', without(base, 0xC4)
    yield 'jpeg_without_quantization', without(base, 0xDB)
    yield 'jpeg_without_frame', without(base, 0xC0)
    yield 'jpeg_two_frames', inserted(base, base[slice(*frame(base))], 0xDA)
    yield 'jpeg_only_start', b'\xff\xd8\xff'
    yield 'jpeg_start_end', b'\xff\xd8\xff\xd9'


def is_level_off(name):
    return "cmyk" in name and any(kind in name for kind in ("damaged", "hole", "sampling"))


def files():
    for name, data in patched_jpegs():
        if not is_level_off(name):
            yield f"{name}.jpg", data
