#!/usr/bin/env python3
"""Times the sliced Epps-Pulley statistic and its gradient in PyTorch autograd: what `lejepa bench loss` times.

    tools/bench/torch_loss.py [--n 256] [--k 64] [--s 1024] [--p 17] [--threads 2] [--runs 10]

Prints one JSON object: ms_min, ms_median.
"""

import argparse
import json
import pathlib
import statistics
import sys
import time

import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "interop"))

from reference.losses import SigReg, draw_directions  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("n", 256), ("k", 64), ("s", 1024), ("p", 17), ("threads", 2), ("runs", 10)):
        parser.add_argument(f"--{name}", type=int, default=default)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    samples = torch.randn(1, args.n, args.k, requires_grad=True)
    directions = draw_directions(args.k, args.s)
    statistic = SigReg(args.p, 3.0)
    millis = []
    for run in range(args.runs + 2):
        samples.grad = None
        began = time.perf_counter()
        statistic(samples, directions).mean().backward()
        if run >= 2:
            millis.append((time.perf_counter() - began) * 1e3)
    print(json.dumps({**vars(args), "ms_min": round(min(millis), 3), "ms_median": round(statistics.median(millis), 3)}))


if __name__ == "__main__":
    main()
