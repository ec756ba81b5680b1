#!/usr/bin/env python3
"""Draws docs/images/tests.png: how each statistical test answers to shift, scale and one moved value.

    pip install numpy scipy matplotlib
    python tools/interop/plot_tests.py [--out docs/images/tests.png]

The formulas stand here a second time, in NumPy and in double precision, by their literature. Samples are the quantiles
of the normal law at (i - 1/2) / N, so that the curves are those of a perfect sample.
"""

import argparse
import math
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from scipy.special import gammaln, log_ndtr, ndtr
from scipy.stats import norm

N, K = 64, 2
LOG_SQRT_2PI = math.log(2 * math.pi) / 2


def ranks(x):
    return np.arange(1, len(x) + 1)


def epps_pulley(x, knots=17, t_max=3):
    t = np.linspace(0, t_max, knots)
    weight = np.full(knots, 2 * t[1])
    weight[[0, -1]] = t[1]
    phi = np.exp(-t * t / 2)
    angle = np.outer(t, x)
    error = (np.cos(angle).mean(1) - phi) ** 2 + np.sin(angle).mean(1) ** 2
    return len(x) * np.sum(weight * phi * error)


def anderson_darling(x):
    x = np.sort(x)
    return -len(x) - np.mean((2 * ranks(x) - 1) * (log_ndtr(x) + log_ndtr(-x[::-1])))


def cramer_von_mises(x):
    n = len(x)
    return 1 / (12 * n) + np.sum((ndtr(np.sort(x)) - (ranks(x) - 0.5) / n) ** 2)


def watson(x):
    return cramer_von_mises(x) - len(x) * (ndtr(x).mean() - 0.5) ** 2


def shapiro_wilk(x):
    n = len(x)
    expected = norm.ppf((ranks(x) - math.pi / 8) / (n + 1 - math.pi / 4))
    return 1 - np.corrcoef(expected, np.sort(x))[0, 1] ** 2


def vcreg(x):
    n = len(x)
    return n * x.mean() ** 2 + (n - 1) * (x.var(ddof=1) - 1) ** 2 / 2


def extended_jarque_bera(x):
    z = (x - x.mean()) / x.std()
    return vcreg(x) + len(x) / 6 * (np.mean(z**3) ** 2 + (np.mean(z**4) - 3) ** 2 / 4)


def entropy(x, m=1):
    n = len(x)
    x = np.sort(x)
    wide = np.concatenate([np.repeat(x[0], m), x, np.repeat(x[-1], m)])
    spacing = np.maximum(wide[2 * m :] - wide[: -2 * m], 1e-5)
    return LOG_SQRT_2PI + np.mean(x * x) / 2 - np.mean(np.log(n * spacing / (2 * m)))


def nll(x):
    n = len(x)
    x = np.sort(x)
    i = ranks(x)
    binomial = gammaln(n + 1) - gammaln(i) - gammaln(n - i + 1)
    return -np.mean(binomial + (i - 1) * log_ndtr(x) + (n - i) * log_ndtr(-x) + norm.logpdf(x))


def moments(x):
    expected = {2: 1, 3: 0, 4: 3}
    return abs(x.mean()) + sum(math.exp(-k) * abs(np.mean(x**k) - m) for k, m in expected.items())


def bhep(x, beta=0.1):
    n, k = x.shape
    b2 = beta**2
    distances = np.sum((x[:, None] - x[None]) ** 2, -1)
    one = np.exp(-b2 * np.sum(x * x, 1) / (2 + 2 * b2)).mean()
    both = np.exp(-b2 * distances / 2).mean()
    return n * (both - 2 * (1 + b2) ** (-k / 2) * one + (1 + 2 * b2) ** (-k / 2))


def hz(x):
    n, k = x.shape
    return bhep(x, ((2 * k + 1) * n / 4) ** (1 / (k + 4)) / math.sqrt(2))


def bhep_m(x, beta=10):
    n, k = x.shape
    sums = np.sum((x[:, None] + x[None]) ** 2, -1)
    both = n * beta ** (-k / 2) * np.exp(sums / (4 * beta)).mean()
    one = 2 * n * (beta - 0.5) ** (-k / 2) * np.exp(np.sum(x * x, 1) / (4 * beta - 2)).mean()
    return both - one + n * (beta - 1) ** (-k / 2)


def comb(x, gamma=4):
    squares = np.sum(x * x, 1)
    growth = np.exp((squares[:, None] - squares[None]) / (4 * gamma))
    return math.sqrt(len(x)) * np.mean(growth * np.cos(x @ x.T / (2 * gamma)) - 1)


def hv(x, gamma=5):
    n, k = x.shape
    sums = np.sum((x[:, None] + x[None]) ** 2, -1)
    inside = x @ x.T - sums / (2 * gamma) + k / (2 * gamma) + sums / (4 * gamma**2)
    return n * np.mean(np.exp(sums / (4 * gamma)) * inside)


COLUMNS = [epps_pulley, anderson_darling, cramer_von_mises, watson, shapiro_wilk, extended_jarque_bera, vcreg,
           entropy, nll, moments]  # fmt: skip
PAIRWISE = [bhep, bhep_m, comb, hz, hv]


def perfect(test):
    """A sample that looks as normal as `N` values can; in the plane for tests of vectors."""
    if test in COLUMNS:
        return norm.ppf((np.arange(N) + 0.5) / N)
    side = norm.ppf((np.arange(8) + 0.5) / 8)  # an 8 x 8 grid of quantiles
    grid = np.stack(np.meshgrid(side, side), -1).reshape(-1, 2)
    return grid / grid.std()


def moved(test, sample, at):
    """The sample and one value (vectors: one on the first axis) more."""
    more = np.array([at]) if test in COLUMNS else np.array([[at, 0.0]])
    return test(np.concatenate([sample, more]))


def draw(axes, test):
    sample = perfect(test)
    shifts, scales, places = np.linspace(-2, 2, 81), np.geomspace(0.1, 3, 81), np.linspace(-6, 6, 601)
    step = 1e-4
    slopes = [(moved(test, sample, p + step) - moved(test, sample, p - step)) / (2 * step) for p in places]
    curves = [
        (shifts, [test(sample + s) for s in shifts], "tab:blue", 0),
        (scales, [test(sample * s) for s in scales], "tab:orange", 1),
        (places, slopes, "tab:green", 0),
    ]
    for axis, (x, y, color, rest) in zip(axes, curves):
        axis.axvline(rest, color="0.8", linewidth=0.8)
        axis.axhline(0, color="0.8", linewidth=0.8)
        axis.plot(x, y, color=color, linewidth=1.4)
        axis.tick_params(labelsize=7)
        axis.locator_params(axis="y", nbins=4)
        axis.margins(x=0)
        axis.yaxis.get_offset_text().set_fontsize(7)
    axes[0].set_ylabel(test.__name__, fontsize=8.5, fontweight="bold")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("docs/images/tests.png"))
    args = parser.parse_args()
    tests = COLUMNS + PAIRWISE
    rows = (len(tests) + 1) // 2
    figure, grid = plt.subplots(rows, 6, figsize=(14, 1.55 * rows), layout="constrained")
    for i, test in enumerate(tests):
        left = 3 * (i // rows)
        draw(grid[i % rows, left : left + 3], test)
    for empty in grid.T.reshape(2, 3, rows).transpose(0, 2, 1).reshape(-1, 3)[len(tests) :]:
        for axis in empty:
            axis.axis("off")
    for left in (0, 3):
        for offset, title in enumerate(("statistic, shifted by x", "statistic, scaled by x", "gradient of a value at x")):
            grid[0, left + offset].set_title(title, fontsize=9)
    figure.savefig(args.out, dpi=110)


if __name__ == "__main__":
    main()
