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

from corpus import bmp, gif_pnm, orientation, png

MAKERS = (png, bmp, orientation, gif_pnm)
# A third of the files, none of them large, is kept with the code.
FROZEN_FILE = 6 << 10
FROZEN_SHARE = 3


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
    rows = []
    for maker in MAKERS:
        for name, data in maker.files():
            path = options.out / name
            if any(name == row[0] for row in rows):
                sys.exit(f"two files are named {name}")
            path.write_bytes(data)
            rows.append(describe(path, expected))
    index = "".join("\t".join(row) + "\n" for row in rows)
    (options.out / "index.tsv").write_text(index)
    if options.freeze:
        freeze(options.freeze, options.out, rows)
    read = sum(row[1] != "refused" for row in rows)
    print(json.dumps({"files": len(rows), "read": read, "refused": len(rows) - read, "pillow": PIL.__version__}))


def freeze(archive, folder, rows):
    drawn = [row for row in rows if zlib.crc32(row[0].encode()) % FROZEN_SHARE == 0]
    kept = [row for row in drawn if (folder / row[0]).stat().st_size <= FROZEN_FILE]
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as zipped:
        def add(name, data):
            zipped.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 9)
        add("index.tsv", "".join("\t".join(row) + "\n" for row in kept))
        for row in kept:
            add(row[0], (folder / row[0]).read_bytes())


if __name__ == "__main__":
    main()
