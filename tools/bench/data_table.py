#!/usr/bin/env python3
"""Sums up the interleaved measurements of `data.sh`: the fastest of each side, and ours over torchvision's."""

import json
import sys


def main():
    sides = {}
    with open(sys.argv[1], encoding="utf-8") as lines:
        for line in lines:
            side, result = line.split("\t", 1)
            sides.setdefault(side, []).append(json.loads(result))
    fastest = {
        side: {key.removesuffix("_per_core"): max(r[key] for r in results) for key in results[0] if wanted(key)}
        for side, results in sides.items()
    }
    ours = fastest.pop("lejepa")
    print(f"{'one core':12} {'decode/s':>9} {'views/s':>9} {'ratio':>7}")
    print(f"{'lejepa':12} {ours['decode_per_s']:9.0f} {ours['views_per_s']:9.0f}")
    summary = {"lejepa": ours}
    for side, rates in fastest.items():
        ratio = ours["views_per_s"] / rates["views_per_s"]
        print(f"{'v2, ' + side:12} {rates['decode_per_s']:9.0f} {rates['views_per_s']:9.0f} {ratio:7.2f}")
        summary[side] = rates
        summary[f"times_{side}"] = round(ratio, 2)
    summary["times_better_path"] = min(summary[f"times_{side}"] for side in fastest)
    print(json.dumps(summary))


def wanted(key):
    return key.removesuffix("_per_core") in ("decode_per_s", "views_per_s")


if __name__ == "__main__":
    main()
