#!/usr/bin/env python3
"""Writes the small JPEG files by which a system's libturbojpeg is checked before it is used.

    jpeg_probes.py FOLDER

FOLDER is trainer/src/main/resources/dev/lejepa/trainer/codec. Needs `cjpeg` of libjpeg-turbo, for 4:4:0."""
import pathlib
import subprocess
import sys

from corpus.blobs import picture, saved

OPTIONS = {
    "420": ["-sample", "2x2"],
    "422": ["-sample", "2x1"],
    "440": ["-sample", "1x2"],
    "gray": ["-grayscale"],
    "progressive": ["-sample", "2x2", "-progressive"],
}

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
ppm = saved(picture(37, 29), "PPM")
for name, options in OPTIONS.items():
    done = subprocess.run(["cjpeg", "-quality", "60", "-optimize", *options], input=ppm, capture_output=True, check=True)
    (folder / f"probe_{name}.jpg").write_bytes(done.stdout)
