"""WebP: lossy, lossless, alpha, extended, animated, damaged and cut."""
import struct

import numpy as np
from PIL import Image

from .blobs import SIZES, picture, saved


def chunk(name, body):
    return name + struct.pack('<I', len(body)) + body + bytes(len(body) & 1)


def riff(*chunks):
    body = b'WEBP' + b''.join(chunks)
    return b'RIFF' + struct.pack('<I', len(body)) + body


def extended(width, height, flags, *chunks):
    size = struct.pack('<I', width - 1)[:3] + struct.pack('<I', height - 1)[:3]
    return riff(chunk(b'VP8X', bytes([flags, 0, 0, 0]) + size), *chunks)


def stream(data):
    """The chunks of a simple WebP file without the container."""
    return data[12:]


def webps():
    for w, h in SIZES + [(255, 3), (100, 75)]:
        image = picture(w, h)
        for q in (0, 40, 80, 100):
            yield 'webp_lossy_%d_%dx%d' % (q, w, h), saved(image, 'WEBP', quality=q)
        yield 'webp_lossless_%dx%d' % (w, h), saved(image, 'WEBP', lossless=True)
        yield 'webp_lossy_alpha_%dx%d' % (w, h), saved(picture(w, h, mode='RGBA'), 'WEBP', quality=70)
        yield 'webp_lossless_alpha_%dx%d' % (w, h), saved(picture(w, h, mode='RGBA'), 'WEBP', lossless=True)
        yield 'webp_lossless_exact_%dx%d' % (w, h), saved(picture(w, h, mode='RGBA'), 'WEBP', lossless=True, exact=True)
        yield 'webp_alpha_quality_%dx%d' % (w, h), saved(picture(w, h, mode='RGBA'), 'WEBP', alpha_quality=20)
    for m in range(7):
        yield 'webp_method_%d' % m, saved(picture(60, 45), 'WEBP', method=m)
        yield 'webp_lossless_method_%d' % m, saved(picture(60, 45), 'WEBP', method=m, lossless=True)
        yield 'webp_near_lossless_%d' % m, saved(picture(60, 45), 'WEBP', lossless=True, quality=m * 15)
    yield 'webp_sharp_yuv', saved(picture(60, 45), 'WEBP', use_sharp_yuv=True)
    yield 'webp_one_color', saved(Image.new('RGB', (40, 30), (112, 173, 215)), 'WEBP', lossless=True)
    yield 'webp_one_color_lossy', saved(Image.new('RGB', (40, 30), (112, 173, 215)), 'WEBP')
    yield 'webp_two_colors', saved(picture(40, 30).convert('1').convert('RGB'), 'WEBP', lossless=True)
    yield 'webp_palette', saved(picture(40, 30).quantize(9).convert('RGB'), 'WEBP', lossless=True)
    yield 'webp_gray', saved(picture(40, 30, mode='L'), 'WEBP')
    yield 'webp_profile', saved(picture(40, 30), 'WEBP', icc_profile=bytes(range(200)))
    yield 'webp_xmp', saved(picture(40, 30), 'WEBP', xmp=b'<x:xmpmeta/>')
    yield 'webp_profile_lossless', saved(picture(40, 30), 'WEBP', icc_profile=bytes(range(201)), lossless=True)
    frames = [picture(40, 30, seed, 'RGBA') for seed in range(4)]
    for lossless in (False, True):
        for options in ({}, {'background': (9, 99, 199, 255)}, {'kmin': 1, 'kmax': 2}, {'allow_mixed': True},
                        {'minimize_size': True}, {'loop': 3, 'duration': 50}):
            label = ''.join('_' + k for k in options) + ('_lossless' if lossless else '')
            yield 'webp_animated' + label, saved(frames[0], 'WEBP', save_all=True, append_images=frames[1:],
                                                 lossless=lossless, **options)
            yield 'webp_animated_opaque' + label, saved(frames[0].convert('RGB'), 'WEBP', save_all=True,
                                                        append_images=[f.convert('RGB') for f in frames[1:]],
                                                        lossless=lossless, **options)
    for kind, options in (('lossy', {}), ('lossless', {'lossless': True}), ('alpha', {})):
        small = saved(picture(20, 14, mode='RGBA' if kind == 'alpha' else 'RGB'), 'WEBP', **options)
        if kind == 'alpha':
            inner = small[30:]
        else:
            inner = stream(small)
        for blend in (0, 1, 2, 3):
            for x, y in ((0, 0), (4, 6), (20, 16)):
                place = b''.join(struct.pack('<I', v)[:3] for v in (x // 2, y // 2, 19, 13, 100))
                anim = chunk(b'ANIM', bytes([9, 99, 199, 255]) + b'\0\0')
                anmf = chunk(b'ANMF', place + bytes([blend]) + inner)
                yield 'webp_frame_%s_%d_%d_%d' % (kind, blend, x, y), extended(40, 30, 0x12, anim, anmf)
                yield 'webp_frame_no_alpha_flag_%s_%d_%d_%d' % (kind, blend, x, y), extended(40, 30, 0x02, anim, anmf)
    lossy, lossless = saved(picture(41, 31), 'WEBP'), saved(picture(41, 31), 'WEBP', lossless=True)
    alpha = saved(picture(41, 31, mode='RGBA'), 'WEBP')
    animated = saved(frames[0], 'WEBP', save_all=True, append_images=frames[1:])
    for data, label in ((lossy, 'lossy'), (lossless, 'lossless'), (alpha, 'alpha'), (animated, 'animated')):
        size = struct.unpack('<I', data[4:8])[0]
        for n in (1, 2, 3, 4, 20, 100, len(data) // 2, len(data) - 40, len(data) - 25, len(data) - 13):
            yield 'webp_%s_cut_%d' % (label, n), data[:-n]
        for d in (-2, -1, 1, 2, 1000):
            yield 'webp_%s_riff_%d' % (label, d), data[:4] + struct.pack('<I', size + d) + data[8:]
        yield 'webp_%s_riff_zero' % label, data[:4] + bytes(4) + data[8:]
        yield 'webp_%s_riff_max' % label, data[:4] + b'\xff' * 4 + data[8:]
        for tail, what in ((b'\0', 'zero'), (b'text', 'text'), (data, 'another'), (bytes(999), 'zeros'),
                           (chunk(b'EXIF', b'garbage'), 'exif')):
            yield 'webp_%s_behind_%s' % (label, what), data + tail
            grown = data[:4] + struct.pack('<I', size + len(tail)) + data[8:] + tail
            yield 'webp_%s_inside_%s' % (label, what), grown
        for seed in range(25):
            rng = np.random.default_rng(seed)
            out = bytearray(data)
            out[rng.integers(20, len(data))] = rng.integers(0, 256)
            yield 'webp_%s_damaged_%02d' % (label, seed), bytes(out)
            out = bytearray(data)
            out[rng.integers(8, min(60, len(data)))] = rng.integers(0, 256)
            yield 'webp_%s_damaged_header_%02d' % (label, seed), bytes(out)
    for flags in (0, 0x10, 0x20, 0x08, 0x04, 0x02, 0x3e, 0xff):
        yield 'webp_extended_lossy_%02x' % flags, extended(41, 31, flags, stream(lossy))
        yield 'webp_extended_lossless_%02x' % flags, extended(41, 31, flags, stream(lossless))
        yield 'webp_extended_alpha_%02x' % flags, extended(41, 31, flags, alpha[30:])
    for w, h in ((40, 31), (42, 31), (41, 30), (1, 1), (16384, 16384)):
        yield 'webp_extended_other_size_%d_%d' % (w, h), extended(w, h, 0, stream(lossy))
    yield 'webp_unknown_chunk', extended(41, 31, 0, chunk(b'abcd', b'xyz'), stream(lossy))
    yield 'webp_unknown_chunk_behind', extended(41, 31, 0, stream(lossy), chunk(b'abcd', b'xyz'))
    yield 'webp_unknown_chunk_first', riff(chunk(b'abcd', b'xyz'), stream(lossy))
    yield 'webp_exif_before', extended(41, 31, 8, chunk(b'EXIF', b'MM\0*\0\0\0\x08\0\0'), stream(lossy))
    yield 'webp_two_images', riff(stream(lossy), stream(lossless))
    yield 'webp_only_header', riff()
    yield 'webp_extended_without_image', extended(41, 31, 0)


def files():
    for name, data in webps():
        yield f"{name}.webp", data
