#!/usr/bin/env python3
"""Sums up the interleaved measurements of `cpu.sh`: the least time of each side, and torch's over ours."""

import json
import sys


def main():
    case, path = sys.argv[1:]
    sides = {"lejepa": [], "torch": []}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            side, result = line.split("\t", 1)
            sides[side].append(json.loads(result))
    least = {side: min(r["step_ms_min"] for r in results) for side, results in sides.items()}
    peak = {side: max(r["peak_rss_bytes"] for r in results) for side, results in sides.items()}
    summary = {
        "case": case,
        "lejepa_ms": least["lejepa"],
        "torch_ms": least["torch"],
        "speedup": round(least["torch"] / least["lejepa"], 3),
        "lejepa_peak_rss_bytes": peak["lejepa"],
        "torch_peak_rss_bytes": peak["torch"],
        "memory_ratio": round(peak["lejepa"] / peak["torch"], 3),
    }
    print(json.dumps(summary))


if __name__ == "__main__":
    main()
