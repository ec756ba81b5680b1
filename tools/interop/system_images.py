#!/usr/bin/env python3
"""Writes small AVIF, HEIC and JPEG XL files and the pixels that Pillow makes of them.

    system_images.py FOLDER

FOLDER is trainer/src/test/resources/dev/lejepa/trainer/image/system. Needs pillow, pillow-heif and pillow-jxl-plugin."""
import pathlib
import sys

import numpy as np
import pillow_heif
import pillow_jxl  # noqa: F401, registers itself
from PIL import Image, ImageOps

from corpus import system

pillow_heif.register_heif_opener()
folder = pathlib.Path(sys.argv[1])
for name, content in system.files():
    path = folder / name
    path.write_bytes(content)
    np.save(f"{path}.npy", np.asarray(ImageOps.exif_transpose(Image.open(path)).convert("RGB")))
