"""AVIF, HEIC and JPEG XL, for which Pillow needs pillow-heif and pillow-jxl-plugin beside itself. Color is stored as finely
as light: decoders differ in how they enlarge it where it is not."""
from .blobs import picture, saved


def files():
    for w, h in ((37, 29), (1, 1), (1, 45)):
        yield 'avif_%dx%d.avif' % (w, h), saved(picture(w, h), 'AVIF', quality=80, subsampling='4:4:4')
        yield 'jxl_%dx%d.jxl' % (w, h), saved(picture(w, h), 'JXL', quality=60)
    yield 'avif_gray.avif', saved(picture(37, 29, mode='L'), 'AVIF', quality=80)
    yield 'avif_alpha.avif', saved(picture(37, 29, mode='RGBA'), 'AVIF', quality=80, subsampling='4:4:4')
    yield 'avif_turned.avif', saved(picture(37, 29), 'AVIF', quality=80, subsampling='4:4:4', exif=turned())
    yield 'heic_37x29.heic', saved(picture(37, 29), 'HEIF', quality=60, chroma=444)
    yield 'heic_1x1.heic', saved(picture(1, 1), 'HEIF', quality=60, chroma=444)
    yield 'jxl_lossless_alpha.jxl', saved(picture(37, 29, mode='RGBA'), 'JXL', lossless=True)
    yield 'jxl_gray.jxl', saved(picture(37, 29, mode='L'), 'JXL', lossless=True)


def turned():
    from PIL import Image
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif.tobytes()
