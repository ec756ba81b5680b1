#!/usr/bin/env python3
"""What NumPy makes of small embeddings: RankMe, LiDAR, spectrum, alignment, uniformity (HealthTest reads the result).

    health_reference.py OUT.json            # writes the cases of the test
    health_reference.py --features F.npy    # the figures of features that `lejepa embed` or `lejepa eval` wrote
    health_reference.py --features F.npy --views 10    # row n*10+v is view v of image n
"""

import argparse
import json
import sys

import numpy as np

EPSILON = 1e-7
DELTA = 1e-4


def effective_rank(values):
    share = values / values.sum() + EPSILON
    return float(np.exp(-(share * np.log(share)).sum()))


def lidar(rows):
    """rows: [images, views, columns]"""
    n, q, d = rows.shape
    means = rows.mean(axis=1)
    off = means - means.mean(axis=0)
    between = off.T @ off / (n - 1)
    inside = (rows - means[:, None]).reshape(n * q, d)
    within = inside.T @ inside / (n * (q - 1)) + DELTA * np.eye(d)
    values, vectors = np.linalg.eigh(within)
    whiten = vectors / np.sqrt(values) @ vectors.T
    return effective_rank(np.clip(np.linalg.eigvalsh(whiten @ between @ whiten), 0, None))


def squared_distances(unit):
    n = len(unit)
    i, j = np.triu_indices(n, 1)
    return ((unit[i] - unit[j]) ** 2).sum(axis=1)


def figures(x, views):
    x = x.astype(np.float64)
    n, d = x.shape[0] // views, x.shape[1]
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    deviation = x.std(axis=0)
    median = np.sort(deviation)[d // 2]
    cosines = unit @ unit.T
    result = {
        "rankme": effective_rank(np.linalg.svd(x, compute_uv=False)),
        "rank_centered": effective_rank(np.linalg.svd(x - x.mean(axis=0), compute_uv=False)),
        "deviation": median,
        "size": np.sqrt((x**2).mean()),
        "dead": int((deviation <= 1e-4 * median).sum()),
        "anisotropy": (cosines.sum() - np.trace(cosines)) / (len(x) * (len(x) - 1)),
        "uniformity": np.log(np.exp(-2 * squared_distances(unit[::views])).mean()),
        "spectrum": np.sort(np.clip(np.linalg.eigvalsh(np.cov(x.T)), 0, None))[::-1].tolist(),
    }
    if views > 1:
        by_image = unit.reshape(n, views, d)
        result["alignment"] = np.mean([squared_distances(image).mean() for image in by_image])
        result["lidar"] = lidar(x.reshape(n, views, d))
    return {key: value if isinstance(value, (int, list)) else float(value) for key, value in result.items()}


def case(name, views, x, stored=True):
    x = (np.round(x, 4) if stored else x).astype(np.float32)
    line = {"name": name, "views": views, "rows": x.shape[0], "columns": x.shape[1], "expected": figures(x, views)}
    if stored:
        line["values"] = [float(str(value)) for value in x.reshape(-1)]
    return line


def clusters(random, images, views, columns, inside):
    centers = random.standard_normal((images, 1, columns))
    return (centers + inside * random.standard_normal((images, views, columns))).reshape(-1, columns)


def whole_numbers(rows, columns, rank):
    """A matrix of low rank in 64ths, without a rounding error, so the same in any language."""
    i, k, j = np.arange(rows)[:, None], np.arange(rank), np.arange(columns)[None, :]
    left = (7 * i + 13 * k + i * k * k) % 17 - 8
    right = (5 * k[:, None] + 11 * j + k[:, None] * j * j) % 19 - 9
    return (left @ right + 3) / 64


def cases():
    random = np.random.default_rng(1)
    scales = 0.7 ** np.arange(10)
    dead = clusters(random, 12, 2, 8, 0.3)
    dead[:, 3] = 2.5
    dead[:, 5] = 1 + 1e-5 * dead[:, 5]
    return [
        case("views of images", 4, clusters(random, 16, 4, 10, 0.5) * scales + 0.4),
        case("one view", 1, clusters(random, 30, 1, 6, 1)),
        case("fewer images than columns", 3, clusters(random, 5, 3, 24, 0.2)),
        case("columns that do not vary", 2, dead),
        case("low rank", 4, whole_numbers(240, 128, 40), stored=False),
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", nargs="?", help="file for the cases of the test")
    parser.add_argument("--features", help="a matrix to look at instead")
    parser.add_argument("--views", type=int, default=1, help="views of each image in it (default: 1)")
    arguments = parser.parse_args()
    if (arguments.out is None) == (arguments.features is None):
        parser.error("give either OUT.json or --features F.npy")
    if arguments.features:
        print(json.dumps(figures(np.load(arguments.features), arguments.views)))
        return 0
    with open(arguments.out, "w", encoding="utf-8") as out:
        json.dump({"cases": cases()}, out)
        out.write("\n")
    print(json.dumps({"cases": len(cases())}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
