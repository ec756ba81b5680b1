"""JPEG: what Pillow and `cjpeg` (of libjpeg-turbo, where it is installed) can be asked for."""
import shutil
import subprocess

import numpy as np

from .blobs import SIZES, picture, saved
from .jpeg_parts import adobe, jpeg, without


def pillow_jpegs():
    for w, h in SIZES:
        for sub in ('4:4:4', '4:2:2', '4:2:0'):
            for prog in (False, True):
                name = 'jpeg_%s_%dx%d%s' % (sub.replace(':', ''), w, h, '_progressive' if prog else '')
                yield name, jpeg(picture(w, h), subsampling=sub, progressive=prog)
        yield 'jpeg_gray_%dx%d' % (w, h), jpeg(picture(w, h, mode='L'))
        yield 'jpeg_gray_progressive_%dx%d' % (w, h), jpeg(picture(w, h, mode='L'), progressive=True)
        yield 'jpeg_cmyk_%dx%d' % (w, h), jpeg(picture(w, h).convert('CMYK'))
        yield 'jpeg_cmyk_progressive_%dx%d' % (w, h), jpeg(picture(w, h).convert('CMYK'), progressive=True)
        yield 'jpeg_rgb_%dx%d' % (w, h), jpeg(picture(w, h), keep_rgb=True)
    for q in (1, 5, 10, 25, 50, 90, 95, 100):
        yield 'jpeg_quality_%d' % q, jpeg(picture(40, 30), quality=q)
        yield 'jpeg_quality_%d_444' % q, jpeg(picture(40, 30), quality=q, subsampling=0)
        yield 'jpeg_quality_%d_gray' % q, jpeg(picture(40, 30, mode='L'), quality=q)
    for n in (1, 2, 3, 7):
        yield 'jpeg_restart_blocks_%d' % n, jpeg(picture(50, 40), restart_marker_blocks=n)
        yield 'jpeg_restart_rows_%d' % n, jpeg(picture(50, 40), restart_marker_rows=n)
        yield 'jpeg_restart_progressive_%d' % n, jpeg(picture(50, 40), restart_marker_rows=n, progressive=True)
    yield 'jpeg_optimized', jpeg(picture(50, 40), optimize=True)
    yield 'jpeg_profile', jpeg(picture(50, 40), icc_profile=bytes(range(256)) * 2)
    yield 'jpeg_large_profile', jpeg(picture(50, 40), icc_profile=bytes(range(256)) * 700)
    yield 'jpeg_comment', jpeg(picture(50, 40), comment=b'a comment')
    yield 'jpeg_dpi', jpeg(picture(50, 40), dpi=(300, 301))
    yield 'jpeg_tables', jpeg(picture(50, 40), qtables=[[3] * 64, [200] * 64])
    yield 'jpeg_one_table', jpeg(picture(50, 40), qtables=[[9] * 64])
    ycck = jpeg(picture(37, 29).convert('CMYK'))
    yield 'jpeg_ycck_by_marker', without(ycck, 0xEE)[:2] + adobe(2) + without(ycck, 0xEE)[2:]
    yield 'jpeg_cmyk_without_adobe', without(ycck, 0xEE)
    yield 'jpeg_cmyk_adobe_1', without(ycck, 0xEE)[:2] + adobe(1) + without(ycck, 0xEE)[2:]
    yield 'jpeg_cmyk_adobe_7', without(ycck, 0xEE)[:2] + adobe(7) + without(ycck, 0xEE)[2:]
    frames = [picture(40, 30, seed) for seed in range(3)]
    yield 'jpeg_mpo', saved(frames[0], 'MPO', save_all=True, append_images=frames[1:])
    yield 'jpeg_mpo_first_progressive', saved(frames[0], 'MPO', save_all=True, append_images=frames[1:],
                                             progressive=True)


def cjpeg(image, *options):
    ppm = saved(image, 'PPM')
    done = subprocess.run(['cjpeg', *options], input=ppm, capture_output=True)
    return done.stdout if done.returncode == 0 else None


def cjpegs():
    if shutil.which('cjpeg') is None:
        return
    colors = ['1x1', '2x1', '2x2', '1x2', '4x1', '1x4', '4x2', '2x4', '4x4', '3x1', '1x3', '3x3', '2x2,2x1,1x2',
              '1x1,2x2,1x1', '2x1,1x2,1x1', '2x2,2x2,1x1', '4x1,2x1,1x1', '2x2,1x1,2x2', '1x1,1x1,2x2', '2x2,1x2,1x2',
              '3x2,1x1,1x1', '2x3,1x1,1x1', '3x1,3x1,1x1', '1x2,1x2,1x2', '4x2,2x1,2x1', '2x2,2x1,2x1']
    for w, h in ((43, 35), (16, 16), (5, 3), (65, 33)):
        for s in colors:
            for extra in ([], ['-arithmetic'], ['-progressive'], ['-arithmetic', '-progressive'], ['-restart', '1'],
                          ['-dct', 'fast'], ['-rgb']):
                if (w, h) != (43, 35) and extra not in ([], ['-arithmetic', '-progressive'], ['-progressive']):
                    continue
                data = cjpeg(picture(w, h), '-sample', s, *extra)
                if data:
                    yield 'cjpeg_%dx%d_%s%s' % (w, h, s.replace(',', '_'), ''.join(extra)), data
        for extra in (['-grayscale'], ['-grayscale', '-arithmetic'], ['-grayscale', '-progressive'],
                      ['-grayscale', '-arithmetic', '-progressive'], ['-rgb', '-arithmetic'],
                      ['-rgb', '-progressive'], ['-arithmetic', '-restart', '1'], ['-arithmetic', '-restart', '3B'],
                      ['-optimize'], ['-quality', '3', '-baseline'], ['-quality', '1,99'], ['-smooth', '50'],
                      ['-precision', '12'], ['-qslots', '0,1,2']):
            data = cjpeg(picture(w, h), *extra)
            if data:
                yield 'cjpeg_%dx%d%s' % (w, h, ''.join(extra).replace(',', '_')), data
                for n in (2, 40):
                    yield 'cjpeg_%dx%d%s_cut_%d' % (w, h, ''.join(extra).replace(',', '_'), n), data[:-n]
    for seed in range(40):
        rng = np.random.default_rng(seed)
        for extra in (['-arithmetic'], ['-arithmetic', '-progressive']):
            out = bytearray(cjpeg(picture(43, 35), *extra))
            out[rng.integers(len(out) // 2, len(out) - 2)] = rng.integers(0, 256)
            yield 'cjpeg_damaged%s_%02d' % (''.join(extra), seed), bytes(out)


def files():
    for maker in (pillow_jpegs, cjpegs):
        for name, data in maker():
            yield f"{name}.jpg", data
