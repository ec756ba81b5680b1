"""Writes the Parquet files that the trainer's tests read, as datasets, pandas and Polars users make them.

    parquet_cases.py [FOLDER]     (default: the tests' own resources)

Images are PNG files of a few pixels: image i is (i + 3) x (i + 2) and all of one color, (10 i, 200 - 10 i, 7 i), so that a
test knows what it reads. Nothing is drawn by chance; the same pyarrow writes the same files.
"""

import io
import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

STRUCT = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
CLASSES = ["bulbul", "axolotl", "goldfish"]


def png(i):
    out = io.BytesIO()
    Image.new("RGB", (i + 3, i + 2), (10 * i, 200 - 10 * i, 7 * i)).save(out, "PNG")
    return out.getvalue()


def images(n):
    return pa.array([{"bytes": png(i), "path": f"photos/{i:02}.png"} for i in range(n)], STRUCT)


def features(**columns):
    return {"huggingface": json.dumps({"info": {"features": columns}})}


def labelled(n):
    """A table as `datasets` writes it: labels are numbers, their names lie in the footer."""
    table = pa.table({"image": images(n), "label": pa.array([i % 3 for i in range(n)], pa.int64())})
    names = {"names": CLASSES, "_type": "ClassLabel"}
    return table.replace_schema_metadata(features(image={"_type": "Image"}, label=names))


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)

    def write(name, table, **options):
        pq.write_table(table, folder / f"{name}.parquet", **options)

    for codec in ("snappy", "zstd", "gzip", "none"):
        write(codec, labelled(9), compression=codec, row_group_size=4)
    # pages of version 2, one image a page, with checksums
    write("pages", labelled(9), compression="zstd", data_page_version="2.0", data_page_size=1, write_batch_size=1,
          use_dictionary=False, write_page_checksum=True)
    # a dictionary of two images, in runs and packed
    repeated = [png(i) for i in (1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 4, 1, 4, 4, 1, 4)]
    write("dictionary", pa.table({"image": pa.array(repeated, pa.binary())}), compression="none")
    # plain bytes under other names, texts as labels, every value there
    texts = ["zebra", "ant", "\u00e9clair", "ant"]
    schema = pa.schema([pa.field("picture", pa.binary(), False), pa.field("kind", pa.string(), False)])
    write("texts", pa.table([[png(i) for i in range(4)], texts], schema=schema))
    # numbers without names
    write("numbers", pa.table({"image": images(3), "label": pa.array([10, 2, None], pa.int32())}))
    # rows without an image, without bytes, without a label, and with bytes that are no image
    rows = [None, {"bytes": None, "path": "elsewhere.png"}, {"bytes": b"no image", "path": None}, {"bytes": png(3)},
            {"bytes": b"", "path": None}]
    table = pa.table({"image": pa.array(rows, STRUCT), "label": pa.array([0, 1, 2, None, -1], pa.int64())})
    write("nulls", table.replace_schema_metadata(labelled(1).schema.metadata))
    write("paths", pa.table({"image": pa.array(["a.png", "b.png"]), "label": pa.array([0, 1])}))
    write("other", pa.table({"x": pa.array([1.5]), "label": pa.array([2.5]), "words": pa.array([["a", "b"]])}))
    write("empty", labelled(0))


if __name__ == "__main__":
    here = Path(__file__).resolve().parents[2]
    resources = here / "trainer/src/test/resources/dev/lejepa/trainer/parquet"
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else resources)
