#!/usr/bin/env python3
"""Sums up the measurements of `ranks.sh`: the fastest step of each number of processes, beside one process and beside
the model. With `--alone`, prints the fastest step of one process in milliseconds."""

import json
import sys


def main():
    with open(sys.argv[-1], encoding="utf-8") as lines:
        results = [json.loads(line) for line in lines]
    best = {}
    for r in results:
        if r["ranks"] not in best or r["step_ms_min"] < best[r["ranks"]]["step_ms_min"]:
            best[r["ranks"]] = r
    alone = best[1]["step_ms_min"]
    if "--alone" in sys.argv:
        print(alone)
        return
    expected = {}
    for r in results:
        if "expected_ms" in r:
            expected[r["ranks"]] = min(r["expected_ms"], expected.get(r["ranks"], float("inf")))
    print("| processes | step, ms | images/s | beside one | model, ms | sums, GB/s | a message, us | memory each, GB |")
    print("|---|---|---|---|---|---|---|---|")
    for ranks, r in sorted(best.items()):
        print(
            f"| {ranks} | {r['step_ms_min']:.1f} | {r['images_per_s']:.1f} | {alone / r['step_ms_min']:.3f}"
            f" | {number(expected.get(ranks), 1)} | {number(r.get('sum_gb_per_s'), 2)}"
            f" | {number(r.get('message_us'), 0)} | {r['peak_rss_bytes'] / 1e9:.2f} |"
        )


def number(value, digits):
    return "" if value is None else f"{value:.{digits}f}"


if __name__ == "__main__":
    main()
