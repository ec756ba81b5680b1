#!/usr/bin/env python3
"""Sums up the interleaved measurements of `cpu.sh`: the least time of each side, and PyTorch's over ours."""

import json
import sys


def main():
    case, path = sys.argv[1:]
    sides = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            side, result = line.split("\t", 1)
            sides.setdefault(side, []).append(json.loads(result))
    least = {side: min(r["step_ms_min"] for r in results) for side, results in sides.items()}
    peak = {side: max(r["peak_rss_bytes"] for r in results) for side, results in sides.items()}
    summary = {"case": case}
    for side in sides:
        summary[f"{side}_ms"] = least[side]
        summary[f"{side}_peak_rss_bytes"] = peak[side]
    for side in sides.keys() - {"lejepa"}:
        summary[f"speedup_over_{side}"] = round(least[side] / least["lejepa"], 3)
        summary[f"memory_beside_{side}"] = round(peak["lejepa"] / peak[side], 3)
    print(json.dumps(summary))


if __name__ == "__main__":
    main()
