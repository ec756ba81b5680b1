#!/usr/bin/env python3
"""Bytes and launches of a training step on a CUDA device, ours and torch.compile's, told without one.

Ours is what `lejepa inspect BUNDLE --roofline` counts, PyTorch's what `inductor_count.py` does; both bf16, with forward
and backward pass and optimizer, and both times are rooflines with the same numbers. PYTHON names an interpreter with
PyTorch, Triton and timm (default: this one). The last line is one JSON object with `ratios`: case to ours / Inductor's.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
H200 = "791.2,4320,2"  # as `--roofline h200` has them

CASES = {
    "vit_s8_128": ("vit_small_patch8_224", 128, 8, 256, 4),
    "vit_b16_224": ("vit_base_patch16_224", 224, 16, 64, 4),
    "vit_l14_224": ("vit_large_patch14_224", 224, 14, 32, 4),
}

# The recipe of `bench step`.
RECIPE = """
data: {{train: none, batch: {images}}}
views:
  blur: {{p: 0}}
  global: {{size: {image}, count: {views}}}
  local: {{count: 0}}
model:
  backbone: {{name: {model}, img_size: {image}, patch_size: {patch}, num_classes: 512, drop_path_rate: 0.1}}
  projector: {{hidden: [2048, 2048], out: 16}}
loss: {{dialect: minimal, lambda: 0.02, slices: 256, knots: 17, t_max: 3}}
probe: {{classes: 10}}
train: {{precision: bf16}}
"""

MEASURES = ("bytes", "launches", "ms")


def ours(case, device):
    model, image, patch, images, views = CASES[case]
    with tempfile.TemporaryDirectory() as folder:
        recipe = pathlib.Path(folder, "recipe.yaml")
        recipe.write_text(RECIPE.format(model=model, image=image, patch=patch, images=images, views=views), "utf-8")
        bundle = f"{folder}/bundle"
        lejepa("emit", "--config", str(recipe), "--device", "cuda", "--out", bundle)
        result = lejepa("inspect", bundle, "--roofline", device)
    classes = {name: {m: c[m] for m in MEASURES} for name, c in result["classes"].items()}
    return {m: result[m] for m in MEASURES}, classes


def lejepa(*args):
    command = [str(HERE.parents[1] / "lejepa"), *args, "--json"]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.splitlines()[-1])


def inductor(case, device):
    model, image, patch, images, views = CASES[case]
    sizes = {"model": model, "image": image, "patch": patch, "images": images, "views": views, "device": device}
    command = [os.environ.get("PYTHON", sys.executable), str(HERE / "inductor_count.py")]
    command += [text for name, value in sizes.items() for text in (f"--{name}", str(value))]
    lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.splitlines()
    rows = json.loads(lines[-1])["classes"]
    classes = {n: {"launches": r[0], "bytes": r[1], "ms": 1e3 * r[4]} for n, r in rows.items()}
    return {m: sum(c[m] for c in classes.values()) for m in MEASURES}, classes


def show(case, sides):
    print(f"{case}: " + " ".join(str(x) for x in CASES[case]))
    for side, (total, classes) in sides.items():
        for name, c in [*classes.items(), ("together", total)]:
            if c["launches"]:
                print(f"  {side:9} {name:13} {c['launches']:6} {c['bytes'] / 1e9:9.2f} GB {c['ms']:9.3f} ms")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", default=H200, metavar="TFLOPS,GB_PER_S,US_PER_LAUNCH")
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"of {', '.join(CASES)} (default: all)")
    args = parser.parse_args()
    if unknown := set(args.cases) - set(CASES):
        parser.error(f"no such case: {', '.join(sorted(unknown))}")
    ratios, figures = {}, {}
    for case in args.cases or CASES:
        sides = {"ours": ours(case, args.device), "inductor": inductor(case, args.device)}
        show(case, sides)
        figures[case] = {side: total for side, (total, _) in sides.items()}
        ratios[case] = {m: round(sides["ours"][0][m] / sides["inductor"][0][m], 3) for m in MEASURES}
    print(json.dumps({"device": args.device, "figures": figures, "ratios": ratios}))


if __name__ == "__main__":
    main()
