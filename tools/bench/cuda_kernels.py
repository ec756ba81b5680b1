#!/usr/bin/env python3
"""Checks and times the engine's CUDA kernels for formulas of rows.

    cuda_kernels.py FOLDER [cuda:0]

FOLDER is one that tools/bench/kernels.sh wrote: sources and cases.json. Every kernel is compared with torch in float32
(relative error by norm), run twice for equal bits, and timed over 20 runs. `cpu` as the device tries all of it on emulated
warps, with a folder of small sizes. The last line is one JSON object: for each case its largest error, microseconds and
GB/s. Exit code 1 if one is wrong. Needs torch.
"""

import json
import pathlib
import sys

import cuda_driver
import torch

RUNS = 20
TYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}
# Results are rounded to the nearest bfloat16, 2^-9 of themselves at most; float32 sums are good to 1e-5.
BOUNDS = {torch.float32: 2e-5, torch.bfloat16: 4e-3}


def norm(x, scale, bias, epsilon=1e-6):
    mean = x.mean(-1, keepdim=True)
    inverse = (x.var(-1, correction=0, keepdim=True) + epsilon).rsqrt()
    return (x - mean) * inverse * scale + bias, mean, inverse


def residual_norm(x, branch, bias, factor, scale, shift):
    y = x + (branch + bias) * factor
    return [y, *norm(y, scale, shift)]


def norm_gradient(dy, x, scale, mean, inverse, residual, factor):
    xhat = (x - mean) * inverse
    g = dy * scale
    dx = inverse * (g - g.mean(-1, keepdim=True) - xhat * (g * xhat).mean(-1, keepdim=True))
    d = residual + dx
    rows = tuple(range(x.dim() - 1))
    branch = (d * factor).bfloat16().float()
    return [d, branch, (dy * xhat).sum(rows), dy.sum(rows), branch.sum(rows)]


def gelu(x, bias):
    y = torch.nn.functional.gelu(3 * (x + bias))
    return [y, y]


def gelu_gradient(x, bias, dy):
    u = 3 * (x + bias)
    phi = torch.exp(-u * u / 2) * 0.3989422804014327
    dx = (dy * (torch.special.ndtr(u) + u * phi)).bfloat16().float()
    return [dx, dx.sum(0)]


def bias(x, row):
    return [x + row]


FORMULAS = {f.__name__: f for f in (residual_norm, norm_gradient, gelu, gelu_gradient, bias)}


def matched(results, expected):
    """The expected tensor for each result: of the same shape, in order."""
    left = list(expected)
    found = []
    for r in results:
        i = next(i for i, e in enumerate(left) if e.shape == r.shape)
        found.append(left.pop(i))
    return found


def run(device, source, case, generator):
    code = device.code(source)
    inputs = [
        torch.randn(i["shape"], generator=generator, device=device.torch).to(TYPES[i["type"]]) for i in case["inputs"]
    ]
    outputs = [
        torch.full(o["shape"], float("nan"), dtype=TYPES[o["type"]], device=device.torch) for o in case["outputs"]
    ]
    sums = [None] * 4
    arguments = list(inputs)
    for t, o in zip(outputs, case["outputs"], strict=True):
        if o["sum"] >= 0:
            sums[o["sum"]] = t
        else:
            arguments.append(t)
    rows, columns = case["sums"], case["columns"]
    parts = torch.empty(case["blocks"] * max(rows, 1) * columns, device=device.torch)
    if rows:
        arguments.append(parts)

    def step():
        code.launch(case["kernel"], (case["blocks"], 1, 1), case["threads"], 0, *arguments)
        if rows:
            grid = (-(-rows * columns // 32), 1, 1)
            code.launch("add_parts", grid, 1024, 0, parts, case["blocks"], rows, columns, *sums)

    same = cuda_driver.same_bits(step, outputs)
    micros = device.milliseconds(step, RUNS) * 1e3
    moved = sum(t.numel() * t.element_size() for t in inputs + outputs)
    expected = matched(outputs, FORMULAS[case["name"]](*ordered(case, inputs)))
    errors = [cuda_driver.distance(found, want) for found, want in zip(outputs, expected, strict=True)]
    return {
        "errors": errors,
        "ok": same and all(e < BOUNDS[o.dtype] for e, o in zip(errors, outputs, strict=True)),
        "sameBits": same,
        "us": round(micros, 1),
        "GBps": round(moved / micros / 1000),
    }


def ordered(case, inputs):
    """Operands in the order of the functions above, in float."""
    places = [i["place"] for i in case["inputs"]]
    return [inputs[places.index(p)].float() for p in range(len(inputs))]


def main():
    folder = pathlib.Path(sys.argv[1])
    device = cuda_driver.device(sys.argv[2] if len(sys.argv) > 2 else "cuda:0")
    generator = torch.Generator(device.torch).manual_seed(7)
    results = {}
    for case in json.loads((folder / "cases.json").read_text()):
        source = (folder / (case["name"] + ".cu")).read_text()
        results[case["name"]] = run(device, source, case, generator)
        print(case["name"], results[case["name"]], flush=True)
    ok = all(r["ok"] for r in results.values())
    print(json.dumps({"device": device.name, "ok": ok, "kernels": results}))
    sys.exit(0 if ok else 1)


if __name__ == "__main__":
    main()
