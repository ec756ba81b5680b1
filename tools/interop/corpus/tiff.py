"""TIFF under another name: the kinds that Pillow writes, with each way to pack them."""
import io

from PIL import TiffImagePlugin

from . import pictures

LOSSLESS = (None, "tiff_lzw", "tiff_deflate", "tiff_adobe_deflate", "packbits")


def saved(picture, **options):
    out = io.BytesIO()
    picture.save(out, "TIFF", **options)
    return out.getvalue()


def picture(mode):
    return pictures.image("I").convert("I;16") if mode == "I;16" else pictures.image(mode)


def kinds():
    for mode in ("1", "L", "LA", "I;16", "P", "RGB", "RGBA"):
        for compression in LOSSLESS:
            yield f"{mode.replace(';', '')}_{compression}", saved(picture(mode), compression=compression)
    for mode in ("L", "RGB", "RGBA"):
        for compression in LOSSLESS[1:3]:
            yield f"{mode}_{compression}_differences", saved(picture(mode), compression=compression, tiffinfo={317: 2})
            yield f"{mode}_{compression}_strips", saved(picture(mode), compression=compression, tiffinfo={278: 5})
    yield "I16_differences", saved(picture("I;16"), compression="tiff_lzw", tiffinfo={317: 2})
    yield "large_lzw", saved(pictures.image("RGB", 120, 90), compression="tiff_lzw")
    yield "large_strips", saved(pictures.image("RGB", 200, 150), tiffinfo={278: 7})
    yield "big_endian", big_endian()
    yield "two_pictures", saved(picture("RGB"), save_all=True, append_images=[picture("L")])
    for orientation in range(0, 10):
        yield f"orientation_{orientation}", saved(picture("RGB"), tiffinfo={274: orientation})
    yield "white_is_zero", white_is_zero()
    for missing in (1, 60, 300):
        yield f"cut_{missing}", saved(picture("RGB"))[:-missing]


def big_endian():
    prefix = TiffImagePlugin.ImageFileDirectory_v2(prefix=b"MM")
    return saved(picture("L"), tiffinfo=prefix)


def white_is_zero():
    data = bytearray(saved(picture("L")))
    at = data.index(b"\x06\x01\x03\x00\x01\x00\x00\x00\x01\x00")
    data[at + 8] = 0
    return bytes(data)


def files():
    for name, data in kinds():
        yield f"tiff_{name}.png", data
