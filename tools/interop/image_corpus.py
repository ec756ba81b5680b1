#!/usr/bin/env python3
"""Writes some hundreds of small image files, the pixels that Pillow makes of each, and an index of both.

    image_corpus.py OUT [--freeze ZIP]

OUT gets the files, OUT/index.tsv (name, width, height, SHA-256 of the RGB bytes; or name and why Pillow refuses), and
OUT/expected/NAME.npy. The decoders are held against all of it by

    ./mvnw -pl trainer -am test -Dtest=ImageCorpusTest -Dsurefire.failIfNoSpecifiedTests=false -Dcorpus=OUT

--freeze writes an archive of some of the files and their index, which the same test reads where no folder is named.
"""
import argparse
import hashlib
import json
import pathlib
import sys
import warnings
import zipfile
import zlib

import numpy as np
import PIL
from PIL import Image, ImageOps

from corpus import bmp, gif_pnm, jpeg, jpeg_patched, orientation, png, tiff, webp

# With the share of each that is kept with the code: one file of so many, none of them large.
MAKERS = {png: 3, bmp: 3, orientation: 3, gif_pnm: 2, tiff: 2, jpeg: 8, jpeg_patched: 8, webp: 8}
FROZEN_FILE = 6 << 10


def pixels(path):
    """RGB of the upright picture."""
    with Image.open(path) as picture:
        upright = ImageOps.exif_transpose(picture)
        if upright.mode in ("I;16", "I"):
            # convert("RGB") makes everything above 255 white; the high byte is the picture
            return np.stack([(np.asarray(upright).astype(np.int32) >> 8).astype(np.uint8)] * 3, 2)
        return np.asarray(upright.convert("RGB"))


def describe(path, expected):
    try:
        rgb = pixels(path)
    except Exception as refusal:
        return [path.name, "refused", " ".join(f"{type(refusal).__name__}: {refusal}".split())]
    np.save(expected / f"{path.name}.npy", rgb)
    return [path.name, str(rgb.shape[1]), str(rgb.shape[0]), hashlib.sha256(rgb.tobytes()).hexdigest()]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--freeze", type=pathlib.Path, metavar="ZIP")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    expected = options.out / "expected"
    expected.mkdir(parents=True, exist_ok=True)
    rows, frozen = [], []
    for maker, share in MAKERS.items():
        for name, data in maker.files():
            path = options.out / name
            if any(name == row[0] for row in rows):
                sys.exit(f"two files are named {name}")
            path.write_bytes(data)
            rows.append(describe(path, expected))
            if zlib.crc32(name.encode()) % share == 0 and len(data) <= FROZEN_FILE:
                frozen.append(rows[-1])
    index = "".join("\t".join(row) + "\n" for row in rows)
    (options.out / "index.tsv").write_text(index)
    if options.freeze:
        freeze(options.freeze, options.out, frozen)
    read = sum(row[1] != "refused" for row in rows)
    print(json.dumps({"files": len(rows), "read": read, "refused": len(rows) - read, "pillow": PIL.__version__}))


def freeze(archive, folder, rows):
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as zipped:
        def add(name, data):
            zipped.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 9)
        add("index.tsv", "".join("\t".join(row) + "\n" for row in rows))
        for row in rows:
            add(row[0], (folder / row[0]).read_bytes())


if __name__ == "__main__":
    main()
