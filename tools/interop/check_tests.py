#!/usr/bin/env python3
"""Compares `lejepa stat` with SciPy on normal and other samples.

    check_tests.py [--lejepa ./lejepa] [--n 200]

Anderson-Darling for a known law from norm.logcdf, Cramer-von Mises and its p-value from cramervonmises, the
Jarque-Bera part of extended_jarque_bera from jarque_bera: relative difference at most 1e-3 (the engine computes in
float32). Shapiro-Wilk's W from shapiro: ours (Blom's positions, Shapiro and Francia's weights) is another approximation
of the weights; 1 - W within 0.01 for up to some hundred values. Prints one JSON object; exit code 1 where one differs.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from scipy import stats

ROOT = pathlib.Path(__file__).resolve().parents[2]


def ours(lejepa, path, test, *params):
    words = [lejepa, "stat", "--json", "--device", "cpu", "--test", test, "--embeddings", str(path)]
    for param in params:
        words += ["--param", param]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def anderson(x):
    x, n = np.sort(x), len(x)
    i = np.arange(1, n + 1)
    return -n - np.mean((2 * i - 1) * (stats.norm.logcdf(x) + stats.norm.logsf(x[::-1])))


def moments(x):
    n, v = len(x), x.var(ddof=1)
    return n * x.mean() ** 2 + (n - 1) * (v - 1) ** 2 / 2 + stats.jarque_bera(x).statistic


def relative(a, b):
    return float(np.max(np.abs(np.asarray(a) - b) / (np.abs(b) + 1e-3)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lejepa", default=str(ROOT / "lejepa"))
    parser.add_argument("--n", type=int, default=200)
    args = parser.parse_args()
    r = np.random.default_rng(0)
    columns = [
        r.standard_normal(args.n), r.standard_normal(args.n) + 0.3, 1.4 * r.standard_normal(args.n),
        r.standard_t(4, args.n), r.uniform(-1.7, 1.7, args.n), r.exponential(size=args.n) - 1,
    ]  # fmt: skip
    x = np.stack(columns, 1).astype(np.float32)
    wide = x.astype(np.float64).T
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "x.npy"
        np.save(path, x)
        ad = ours(args.lejepa, path, "anderson_darling")
        cvm = ours(args.lejepa, path, "cramer_von_mises")
        jb = ours(args.lejepa, path, "extended_jarque_bera")
        sw = ours(args.lejepa, path, "shapiro_wilk", "expectation=blom", "covariance=shapiro_francia")
    theirs = [stats.cramervonmises(c, "norm") for c in wide]
    shapiro = [1 - stats.shapiro(c).statistic for c in wide]
    differences = {
        "anderson_darling": (relative(ad["per_column"], [anderson(c) for c in wide]), 1e-3),
        "cramer_von_mises": (relative(cvm["per_column"], [t.statistic for t in theirs]), 1e-3),
        "cramer_von_mises_p": (float(np.max(np.abs(np.subtract(cvm["p_values"], [t.pvalue for t in theirs])))), 1e-4),
        "extended_jarque_bera": (relative(jb["per_column"], [moments(c) for c in wide]), 1e-3),
        "shapiro_wilk": (float(np.max(np.abs(np.subtract(sw["per_column"], shapiro)))), 1e-2),
    }
    passed = all(found <= limit for found, limit in differences.values())
    report = {name: {"difference": found, "tolerance": limit} for name, (found, limit) in differences.items()}
    print(json.dumps({"passed": passed, "n": args.n, "tests": report}))
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
