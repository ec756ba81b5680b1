#!/usr/bin/env python3
"""Writes a miniature of each data set that `eval --layout` reads, as its archive unpacks, and says how torchvision reads it.

    miniatures.py OUT

Below OUT: dtd, fgvc-aircraft-2013b, stanford_cars, cifar-10-batches-bin, cifar-10-batches-py, cifar-100-binary,
cifar-100-python, flowers-102, food-101, oxford-iiit-pet, imagenet. The `.mat` files and pickles are also what the tests
of `trainer.layout` read. stdout: one JSON object a line {layout, split, classes, images: [[name, label], ...]}, in
torchvision's order; ImageNet is left out, since torchvision opens it from its archives alone.
"""

import argparse
import json
import pathlib
import pickle
import struct
import sys

import numpy as np
import scipy.io
import torchvision.datasets as datasets
from PIL import Image

SIDE = 32


def picture(path, number):
    """A small picture of its own color."""
    path.parent.mkdir(parents=True, exist_ok=True)
    color = (40 * number % 256, 90 * number % 256, 200)
    Image.new("RGB", (12, 9), color).save(path, "JPEG")


def text(path, lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(line + "\n" for line in lines))


def dtd(out):
    root = out / "dtd" / "dtd"
    lists = {
        "train1": ["zigzagged/zigzagged_0002.jpg", "banded/banded_0005.jpg", "dotted/dotted_0003.jpg"],
        "val1": ["banded/banded_0004.jpg", "dotted/dotted_0001.jpg", "zigzagged/zigzagged_0003.jpg"],
        "test1": ["dotted/dotted_0009.jpg", "banded/banded_0002.jpg", "zigzagged/zigzagged_0001.jpg"],
    }
    for name, lines in lists.items():
        text(root / "labels" / f"{name}.txt", lines)
        for number, line in enumerate(lines):
            picture(root / "images" / line, number)
    (root / "imdb").mkdir()


def aircraft(out):
    root = out / "fgvc-aircraft-2013b" / "data"
    text(root / "variants.txt", ["707-320", "Boeing 717", "F/A-18"])
    lists = {
        "trainval": ["1025794 707-320", "1340192 F/A-18", "0056978 Boeing 717"],
        "test": ["1514522 Boeing 717", "0747566 707-320"],
    }
    for name, lines in lists.items():
        text(root / f"images_variant_{name}.txt", lines)
        for number, line in enumerate(lines):
            picture(root / "images" / f"{line.split()[0]}.jpg", number)


def cars(out):
    root = out / "stanford_cars"
    (root / "devkit").mkdir(parents=True)
    names = np.array([["AM General Hummer SUV 2000", "Acura RL Sedan 2012", "Citroën 2CV 1970"]], dtype=object)
    scipy.io.savemat(root / "devkit" / "cars_meta.mat", {"class_names": names}, do_compression=True)
    fields = ["bbox_x1", "bbox_y1", "bbox_x2", "bbox_y2", "class", "fname"]

    def annotations(path, images, compressed):
        box = [np.array([[7]], np.uint16)] * 4
        rows = [(*box, np.array([[label]], np.uint8), name) for name, label in images]
        table = np.array([rows], dtype=[(field, object) for field in fields])
        scipy.io.savemat(path, {"annotations": table}, do_compression=compressed)

    train = [("00001.jpg", 3), ("00002.jpg", 1), ("00003.jpg", 2), ("00004.jpg", 3)]
    test = [("00001.jpg", 2), ("00002.jpg", 1)]
    annotations(root / "devkit" / "cars_train_annos.mat", train, True)
    annotations(root / "cars_test_annos_withlabels.mat", test, False)
    for folder, images in (("cars_train", train), ("cars_test", test)):
        for number, (name, _) in enumerate(images):
            picture(root / folder / name, number)


class OldPickler(pickle._Pickler):
    """Writes bytes and texts as Python 2 wrote its strings, and arrays by their names of then."""

    dispatch = dict(pickle._Pickler.dispatch)

    def save_string(self, value):
        raw = value.encode("latin1") if isinstance(value, str) else value
        if len(raw) < 256:
            self.write(pickle.SHORT_BINSTRING + struct.pack("<B", len(raw)) + raw)
        else:
            self.write(pickle.BINSTRING + struct.pack("<i", len(raw)) + raw)
        self.memoize(value)

    dispatch[bytes] = save_string
    dispatch[str] = save_string


def old_pickle(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        OldPickler(file, protocol=2).dump(value)
    path.write_bytes(path.read_bytes().replace(b"cnumpy._core.multiarray\n", b"cnumpy.core.multiarray\n"))


def planes(count, start):
    """Pixels `[count, 3072]`: image n has red n + start, green the row, blue the column."""
    grid = np.zeros((count, 3, SIDE, SIDE), np.uint8)
    grid[:, 0] = (np.arange(count) + start)[:, None, None]
    grid[:, 1] = np.arange(SIDE)[:, None]
    grid[:, 2] = np.arange(SIDE)[None, :]
    return grid.reshape(count, -1)


def cifar10(out):
    names = ["airplane", "automobile", "bird"]
    pickled, binary = out / "cifar-10-batches-py", out / "cifar-10-batches-bin"
    text(binary / "batches.meta.txt", [*names, ""])
    old_pickle(pickled / "batches.meta", {"num_cases_per_batch": 1, "label_names": names, "num_vis": 3072})
    for number, name in enumerate([*(f"data_batch_{n}" for n in range(1, 6)), "test_batch"]):
        data, labels = planes(1, 10 * number), [number % 3]
        old_pickle(
            pickled / name,
            {"batch_label": name, "labels": labels, "data": data, "filenames": [f"image_{number}.png"]},
        )
        (binary / f"{name}.bin").write_bytes(b"".join(bytes([n]) + row.tobytes() for n, row in zip(labels, data)))


def cifar100(out):
    names, coarse = ["apple", "aquarium_fish", "baby"], ["fish", "people"]
    pickled, binary = out / "cifar-100-python", out / "cifar-100-binary"
    text(binary / "fine_label_names.txt", names)
    text(binary / "coarse_label_names.txt", coarse)
    pickled.mkdir(parents=True)
    (pickled / "meta").write_bytes(pickle.dumps({"fine_label_names": names, "coarse_label_names": coarse}, 2))
    for name, count, protocol, labels in (("train", 3, 5, [2, 0, 1]), ("test", 2, 4, [1, 2])):
        data = planes(count, 50)
        entries = {"fine_labels": labels, "coarse_labels": [1] * count, "data": data}
        (pickled / name).write_bytes(pickle.dumps(entries, protocol))
        rows = (bytes([1, n]) + row.tobytes() for n, row in zip(labels, data))
        (binary / f"{name}.bin").write_bytes(b"".join(rows))


def flowers(out):
    root = out / "flowers-102"
    root.mkdir()
    labels = np.array([[77, 1, 102, 1, 5, 77, 5]], np.uint8)
    sets = {"trnid": [[3, 1]], "valid": [[4, 7]], "tstid": [[6, 2, 5]]}
    scipy.io.savemat(root / "imagelabels.mat", {"labels": labels}, do_compression=True)
    arrays = {name: np.array(numbers, np.uint16) for name, numbers in sets.items()}
    scipy.io.savemat(root / "setid.mat", arrays, do_compression=False)
    for number in range(1, 8):
        picture(root / "jpg" / f"image_{number:05d}.jpg", number)


def food(out):
    root = out / "food-101"
    lists = {
        "train": {"churros": ["churros/1004234"], "apple_pie": ["apple_pie/1005649", "apple_pie/1014775"]},
        "test": {"apple_pie": ["apple_pie/1011328"], "churros": ["churros/1061830"]},
    }
    for name, classes in lists.items():
        (root / "meta").mkdir(parents=True, exist_ok=True)
        (root / "meta" / f"{name}.json").write_text(json.dumps(classes))
        lines = [line for images in classes.values() for line in images]
        text(root / "meta" / f"{name}.txt", lines)
        for number, line in enumerate(lines):
            picture(root / "images" / f"{line}.jpg", number)
    text(root / "meta" / "classes.txt", ["apple_pie", "churros"])


def pets(out):
    root = out / "oxford-iiit-pet"
    lists = {
        "trainval": ["Abyssinian_100 1 1 1", "american_bulldog_7 2 2 1", "Egyptian_Mau_1 3 1 2", "Abyssinian_101 1 1 1"],
        "test": ["american_bulldog_8 2 2 1", "Abyssinian_201 1 1 1", "Egyptian_Mau_2 3 1 2"],
    }
    for name, lines in lists.items():
        text(root / "annotations" / f"{name}.txt", lines)
        for number, line in enumerate(lines):
            picture(root / "images" / f"{line.split()[0]}.jpg", number)


def imagenet(out):
    root = out / "imagenet"
    synsets = [
        (1, "n02119789", "kit fox, Vulpes macrotis", 0),
        (2, "n01440764", "tench, Tinca tinca", 0),
        (3, "n02114367", "timber wolf", 0),
        (4, "n00001740", "entity", 3),
    ]
    kinds = ["ILSVRC2012_ID", "WNID", "words", "num_children"]
    rows = [(np.array([[n]], np.uint16), wnid, words, np.array([[c]], np.uint8)) for n, wnid, words, c in synsets]
    table = np.array(rows, dtype=[(kind, object) for kind in kinds]).reshape(-1, 1)
    kit = root / "ILSVRC2012_devkit_t12" / "data"
    kit.mkdir(parents=True)
    scipy.io.savemat(kit / "meta.mat", {"synsets": table}, do_compression=True)
    text(kit / "ILSVRC2012_validation_ground_truth.txt", ["3", "2", "1", "2"])
    for number in range(1, 5):
        picture(root / "val" / f"ILSVRC2012_val_{number:08d}.JPEG", number)
    for number, (_, wnid, _, children) in enumerate(synsets):
        if children == 0:
            picture(root / "train" / wnid / f"{wnid}_10.JPEG", number)


def said(layout, split, classes, images):
    pairs = [[name, int(label)] for name, label in images]
    print(json.dumps({"layout": layout, "split": split, "classes": list(classes), "images": pairs}))


def files(root, paths, labels):
    return [(pathlib.Path(path).relative_to(root).as_posix(), label) for path, label in zip(paths, labels)]


def read(out):
    """What torchvision makes of the miniatures."""
    unchecked = lambda *_: True  # noqa: E731  miniatures have other hashes
    datasets.cifar.check_integrity = datasets.flowers102.check_integrity = unchecked
    datasets.CIFAR10._check_integrity = unchecked
    parts = [datasets.DTD(out, split) for split in ("train", "val", "test")]
    root = out / "dtd" / "dtd"
    lists = [files(root, part._image_files, part._labels) for part in parts]
    said("dtd", "train", parts[0].classes, lists[0] + lists[1])
    said("dtd", "test", parts[2].classes, lists[2])
    for split, name in (("trainval", "train"), ("test", "test")):
        data = datasets.FGVCAircraft(out, split)
        said("aircraft", name, data.classes, files(out / "fgvc-aircraft-2013b" / "data", data._image_files, data._labels))
    for split in ("train", "test"):
        data = datasets.StanfordCars(out, split)
        root = out / "stanford_cars"
        said("cars", split, data.classes, files(root, *zip(*data._samples)))
    for kind, layout in ((datasets.CIFAR10, "cifar10"), (datasets.CIFAR100, "cifar100")):
        for split in ("train", "test"):
            data = kind(out, split == "train")
            red = [int(image[0, 0, 0]) for image in data.data]
            said(layout, split, data.classes, zip(map(str, red), data.targets))
    root = out / "flowers-102"
    parts = [datasets.Flowers102(out, split) for split in ("train", "val", "test")]
    lists = [files(root, part._image_files, part._labels) for part in parts]
    said("flowers102", "train", datasets.Flowers102.classes, lists[0] + lists[1])
    said("flowers102", "test", datasets.Flowers102.classes, lists[2])
    for split in ("train", "test"):
        data = datasets.Food101(out, split)
        said("food101", split, data.classes, files(out / "food-101", data._image_files, data._labels))
    for split, name in (("trainval", "train"), ("test", "test")):
        data = datasets.OxfordIIITPet(out, split)
        said("pets", name, data.classes, files(out / "oxford-iiit-pet", data._images, data._labels))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=pathlib.Path)
    out = parser.parse_args().out
    if out.exists():
        sys.exit(f"{out}: exists already")
    out.mkdir(parents=True)
    for write in (dtd, aircraft, cars, cifar10, cifar100, flowers, food, pets, imagenet):
        write(out)
    read(out)


if __name__ == "__main__":
    main()
