#!/usr/bin/env python3
"""Writes the images of a class folder as the shards that users of webdataset, pyarrow and datasets make.

    make_shards.py FOLDER OUT [--shard N] [--group N] [--label cls|json|txt|folder]

FOLDER holds a folder per class. Images are taken in bytewise order of their paths, as `lejepa` takes them, and are not
encoded again. Below OUT:

    tar/train-000000.tar ...               webdataset's ShardWriter, N samples a shard
    gz/train-000000.tar.gz ...             the same, packed as a whole
    zst/train-000000.tar.zst ...
    parquet/train-00000-of-00002.parquet   struct image {bytes, path} and int64 label, the names of classes in the footer
                                           under `huggingface`, as `datasets` writes it; snappy
    parquet-zstd/...                       the same by zstd

A sample's key is its number, and its members are the image and the label: `cls`, the number of the class; `json`,
{"label": name}; `txt`, the name; or none, where the key has the class's folder before it. stdout: one JSON object
{images, classes, shards}.
"""

import argparse
import gzip
import json
import os
import pathlib
import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import webdataset
import zstandard

SUFFIXES = {"jpg", "jpeg", "png", "webp", "bmp"}


def find(folder):
    """Paths and class numbers of all images, and the names of the classes."""
    classes = sorted((entry.name for entry in folder.iterdir() if entry.is_dir()), key=os.fsencode)
    images = [
        (path, classes.index(path.relative_to(folder).parts[0]))
        for path in folder.glob("*/**/*")
        if path.suffix[1:].lower() in SUFFIXES
    ]
    return sorted(images, key=lambda image: os.fsencode(image[0])), classes


def sample(number, path, label, name, kind):
    """What ShardWriter takes. Bytes are written as they are."""
    key = f"{number:06d}"
    fields = {"__key__": f"{name}/{key}" if kind == "folder" else key, path.suffix[1:].lower(): path.read_bytes()}
    match kind:
        case "cls":
            fields["cls"] = label
        case "json":
            fields["json"] = {"label": name}
        case "txt":
            fields["txt"] = name
    return fields


def write_tars(out, images, classes, shard, kind):
    (out / "tar").mkdir(parents=True, exist_ok=True)
    pattern = str(out / "tar" / "train-%06d.tar")
    with webdataset.ShardWriter(pattern, maxcount=shard, verbose=0) as writer:
        for number, (path, label) in enumerate(images):
            writer.write(sample(number, path, label, classes[label], kind))
    return sorted((out / "tar").glob("*.tar"))


def pack(out, tars):
    for folder in ("gz", "zst"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    for tar in tars:
        with tar.open("rb") as plain, gzip.open(out / "gz" / f"{tar.name}.gz", "wb", compresslevel=1) as packed:
            shutil.copyfileobj(plain, packed)
        with tar.open("rb") as plain, (out / "zst" / f"{tar.name}.zst").open("wb") as packed:
            zstandard.ZstdCompressor().copy_stream(plain, packed)


def table(images, classes):
    """Part of the data set as `datasets` hands it to pyarrow."""
    image = pa.array(
        [{"bytes": path.read_bytes(), "path": path.name} for path, _ in images],
        pa.struct([("bytes", pa.binary()), ("path", pa.string())]),
    )
    label = pa.array([label for _, label in images], pa.int64())
    features = {"image": {"_type": "Image"}, "label": {"names": classes, "_type": "ClassLabel"}}
    metadata = {"huggingface": json.dumps({"info": {"features": features}})}
    return pa.table({"image": image, "label": label}).replace_schema_metadata(metadata)


def write_parquet(out, images, classes, shard, group):
    parts = [images[start : start + shard] for start in range(0, len(images), shard)]
    for folder, compression in (("parquet", "snappy"), ("parquet-zstd", "zstd")):
        (out / folder).mkdir(parents=True, exist_ok=True)
        for number, part in enumerate(parts):
            name = f"train-{number:05d}-of-{len(parts):05d}.parquet"
            pq.write_table(table(part, classes), out / folder / name, compression=compression, row_group_size=group)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--shard", type=int, default=1000, help="images of a shard")
    parser.add_argument("--group", type=int, default=100, help="rows of a row group, as datasets has it for images")
    parser.add_argument("--label", choices=("cls", "json", "txt", "folder"), default="cls")
    given = parser.parse_args()
    if not given.folder.is_dir():
        parser.error(f"{given.folder}: no such folder")
    images, classes = find(given.folder)
    if not images:
        parser.error(f"{given.folder}: no images in class folders")
    tars = write_tars(given.out, images, classes, given.shard, given.label)
    pack(given.out, tars)
    write_parquet(given.out, images, classes, given.shard, given.group)
    print(json.dumps({"images": len(images), "classes": len(classes), "shards": len(tars)}))


if __name__ == "__main__":
    main()
