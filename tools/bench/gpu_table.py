#!/usr/bin/env python3
"""Sums up the interleaved measurements of `gpu.sh`: for each case, precision and side the least time of a step, images
per second, model FLOPs utilization, peak device memory, how often as fast the step of `lejepa` is, and its roofline."""

import json
import sys

# Dense matrix products in TFLOP/s, (bf16, TF32), as NVIDIA's data sheets have them. The first name that the card's name
# contains counts.
PEAKS = {
    "B200": (2250, 1125),
    "GH200": (989, 494),
    "H200": (989, 494),
    "H100 PCIe": (756, 378),
    "H100 NVL": (835, 417),
    "H100": (989, 494),
    "A100": (312, 156),
    "L40S": (362, 183),
    "L40": (181, 90),
    "L4": (121, 60),
    "A10": (125, 62),
    "RTX 4090": (165, 82),
    "RTX 3090": (71, 35),
}


def peak(card, precision):
    for name, (bf16, tf32) in PEAKS.items():
        if name in card:
            return (bf16 if precision == "bf16" else tf32) * 1e12
    return None


def read(path):
    cases = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            case, precision, side, result = line.rstrip("\n").split("\t", 3)
            cases.setdefault((case, precision), {}).setdefault(side, []).append(json.loads(result))
    return cases


def row(card, case, precision, side, results, ours):
    best = min(r["step_ms_min"] for r in results)
    images = int(case.split(":")[3])
    flops = ours[0]["flops_per_step"] if ours else None
    limit = peak(card, precision)
    mine = min(r["step_ms_min"] for r in ours) if ours else None
    return [
        case,
        precision,
        side,
        f"{best:.2f}",
        f"{images / best * 1e3:.0f}",
        f"{flops / best / limit * 1e5:.1f} %" if flops and limit else "-",
        f"{max(r['peak_device_bytes'] for r in results) / 1e9:.2f}",
        f"{best / mine:.3f}" if mine else "-",
        bound(results, best),
    ]


# A bound that no step reaches, and how often it goes into the measured time.
def bound(results, best):
    known = [r["roofline_ms"] for r in results if "roofline_ms" in r]
    return f"{known[0]:.1f}, {best / known[0]:.2f}x" if known else "-"


def main():
    card, path = sys.argv[1:]
    head = ["case", "precision", "side", "ms", "images/s", "MFU", "peak GB", "time over ours", "roofline"]
    rows = [head]
    for (case, precision), sides in read(path).items():
        for side, results in sides.items():
            rows.append(row(card, case, precision, side, results, sides.get("lejepa")))
    print(card if peak(card, "bf16") else f"{card} (its peak is not in the table of gpu_table.py: no MFU)")
    widths = [max(len(r[i]) for r in rows) for i in range(len(head))]
    for r in rows:
        print("  ".join(cell.ljust(w) for cell, w in zip(r, widths)).rstrip())


if __name__ == "__main__":
    main()
