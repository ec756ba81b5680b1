"""Judges the features that `lejepa eval --out DIR` keeps by scikit-learn and NumPy, and compares with its results.

    eval_reference.py DIR TRAIN TEST

DIR is the folder of an evaluation with all shots, TRAIN and TEST are the folders of its images. For the features of the
training images logistic regressions are fitted at several strengths of the penalty, the best is chosen on a fifth of
them and fitted again to all; the nearest neighbors are found by brute force. Prints one JSON object.
"""

import json
import sys
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

STRENGTHS = [1e-4, 1e-3, 1e-2, 1e-1, 1, 10]


def folder_labels(root):
    """Labels of a folder's images in bytewise order of their paths, as `lejepa` numbers them."""
    classes = sorted((p.name for p in root.iterdir() if p.is_dir()), key=lambda n: n.encode())
    suffixes = {".jpg", ".jpeg", ".png", ".webp", ".bmp"}
    files = sorted(
        (p.relative_to(root) for p in root.rglob("*") if p.suffix.lower() in suffixes),
        key=lambda p: [part.encode() for part in p.parts],
    )
    return np.array([classes.index(p.parts[0]) for p in files])


def stored(out, images):
    """The folder of features with so many rows."""
    for folder in sorted((out / "features").iterdir()):
        if folder.is_dir() and (folder / "key.txt").exists():
            rows = np.load(folder / "images.npy")
            if len(rows) == images:
                return folder, rows
    raise SystemExit(f"{out}: has no features of {images} images")


def standardized(train, test):
    mean, deviation = train.mean(0), train.std(0)
    deviation[deviation == 0] = 1
    return (train - mean) / deviation, (test - mean) / deviation


def linear(train, labels, test, test_labels):
    train, test = standardized(train.astype(np.float64), test.astype(np.float64))
    order = np.random.default_rng(0).permutation(len(train))
    choose, fit = order[: len(order) // 5], order[len(order) // 5 :]
    chosen = []
    for strength in STRENGTHS:
        model = LogisticRegression(C=strength, max_iter=3000).fit(train[fit], labels[fit])
        chosen.append(model.score(train[choose], labels[choose]))
    strength = STRENGTHS[int(np.argmax(chosen))]
    model = LogisticRegression(C=strength, max_iter=3000).fit(train, labels)
    return strength, model.score(test, test_labels)


def neighbors(train, labels, test, test_labels, k, temperature=0.07):
    train, test = (x.astype(np.float64) for x in (train, test))
    train = train / np.linalg.norm(train, axis=1, keepdims=True)
    test = test / np.linalg.norm(test, axis=1, keepdims=True)
    hits = 0
    for row, label in zip(test, test_labels):
        cosines = train @ row
        nearest = np.argsort(-cosines, kind="stable")[:k]
        votes = np.zeros(labels.max() + 1)
        np.add.at(votes, labels[nearest], np.exp(cosines[nearest] / temperature))
        hits += votes.argmax() == label
    return hits / len(test)


def main(out, train, test):
    out, labels, test_labels = Path(out), folder_labels(Path(train)), folder_labels(Path(test))
    ours = json.loads((out / "eval.json").read_text())
    folder, rows = stored(out, len(labels))
    test_folder, test_rows = stored(out, len(test_labels))
    labels, test_labels = labels[rows], test_labels[test_rows]
    load = lambda f, name: np.load(f / name if (f / name).exists() else f / "probed.npy")
    strength, top1 = linear(np.load(folder / "probed.npy"), labels, np.load(test_folder / "probed.npy"), test_labels)
    pooled, test_pooled = load(folder, "pooled.npy"), load(test_folder, "pooled.npy")
    result = {"linear_top1": ours["linear_top1"], "scikit_learn": top1, "C": strength}
    for k in ours["knn"]:
        result[f"knn_{k}"] = ours["knn"][k]
        result[f"brute_force_{k}"] = neighbors(pooled, labels, test_pooled, test_labels, int(k))
    print(json.dumps(result))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
