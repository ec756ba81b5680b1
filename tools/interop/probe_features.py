#!/usr/bin/env python3
"""Logistic regression and nearest neighbours on the features that `lejepa embed` wrote.

    lejepa embed --encoder encoder.onnx --data DIR/train --out train.npy   # and the same for the test images
    probe_features.py train.npy test.npy

Labels are the first folder of each path in FILE.paths.txt. Prints the figures of torch_reference.py as one JSON object.
"""

import argparse
import json
import pathlib
import sys

import numpy as np

from reference import evaluate


def load(path):
    """Features and the class name of each row."""
    paths = path.with_suffix("").with_name(path.stem + ".paths.txt")
    names = paths.read_bytes().decode("utf-8", "surrogateescape").split("\n")[:-1]
    features = np.load(path)
    if len(names) != len(features):
        raise ValueError(f"{path}: {len(features)} rows, but {len(names)} paths beside it")
    return features, [name.split("/")[0] for name in names]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("train", type=pathlib.Path)
    parser.add_argument("test", type=pathlib.Path)
    args = parser.parse_args()
    try:
        (train, train_names), (test, test_names) = load(args.train), load(args.test)
    except (OSError, ValueError) as error:
        print(f"probe_features.py: {error}", file=sys.stderr)
        return 2
    index = {name: i for i, name in enumerate(sorted(set(train_names) | set(test_names)))}
    pairs = [(x, np.array([index[n] for n in names])) for x, names in ((train, train_names), (test, test_names))]
    print(json.dumps(evaluate.report(*pairs)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
