#!/usr/bin/env python3
"""Checks and times the engine's CUDA kernels for formulas of rows on the device that is there.

    cuda_kernels.py FOLDER

FOLDER holds what dev.lejepa.runtime.cuda.RowSources of runtime's tests wrote: sources and cases.json. Every kernel is
compared with torch in float32 (relative error by norm), run twice for equal bits, and timed over 20 runs.
The last line is one JSON object: for each case its largest error, microseconds and GB/s. Needs torch and cupy.
"""

import json
import pathlib
import sys

import cupy
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


def matched(results, expected):
    """The expected tensor for each result: of the same shape, in order."""
    left = list(expected)
    found = []
    for r in results:
        i = next(i for i, e in enumerate(left) if e.shape == r.shape)
        found.append(left.pop(i))
    return found


def run(folder, case, generator):
    source = (folder / (case["name"] + ".cu")).read_text()
    module = cupy.RawModule(code=source, backend="nvrtc", options=("--std=c++17",))
    kernel = module.get_function(case["kernel"])
    inputs = [
        torch.randn(i["shape"], generator=generator, device="cuda").to(TYPES[i["type"]]) for i in case["inputs"]
    ]
    outputs = [torch.full(o["shape"], float("nan"), dtype=TYPES[o["type"]], device="cuda") for o in case["outputs"]]
    arguments = [t.data_ptr() for t in inputs]
    arguments += [t.data_ptr() for t, o in zip(outputs, case["outputs"]) if o["sum"] < 0]
    addresses = [0, 0, 0, 0]
    for t, o in zip(outputs, case["outputs"]):
        if o["sum"] >= 0:
            addresses[o["sum"]] = t.data_ptr()
    columns, sums = case["columns"], case["sums"]
    if sums:
        parts = torch.empty(case["blocks"] * sums * columns, device="cuda")
        arguments.append(parts.data_ptr())
        adding = module.get_function("add_parts")
    stream = cupy.cuda.ExternalStream(torch.cuda.current_stream().cuda_stream)

    def step():
        with stream:
            kernel((case["blocks"],), (case["threads"],), tuple(cupy.uint64(a) for a in arguments))
            if sums:
                numbers = (case["blocks"], sums, columns)
                adding(
                    ((sums * columns + 31) // 32,),
                    (1024,),
                    (
                        cupy.uint64(parts.data_ptr()),
                        *(cupy.uint32(n) for n in numbers),
                        *(cupy.uint64(a) for a in addresses),
                    ),
                )

    step()
    torch.cuda.synchronize()
    first = [o.clone() for o in outputs]
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    start.record()
    for _ in range(RUNS):
        step()
    end.record()
    torch.cuda.synchronize()
    same = all(torch.equal(a, b) for a, b in zip(first, outputs))
    del first
    micros = start.elapsed_time(end) / RUNS * 1000
    moved = sum(t.numel() * t.element_size() for t in inputs + outputs)
    expected = matched(outputs, globals()[case["name"]](*ordered(case, inputs)))
    errors = []
    for found, want in zip(outputs, expected):
        error = ((found.float() - want).norm() / want.norm()).item()
        errors.append(error)
        if not error < BOUNDS[found.dtype]:
            print(f"{case['name']}: result {tuple(found.shape)} {found.dtype}: relative error {error}")
    return {
        "error": max(errors),
        "ok": all(e < BOUNDS[o.dtype] for e, o in zip(errors, outputs)),
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
    generator = torch.Generator("cuda").manual_seed(7)
    results = {}
    for case in json.loads((folder / "cases.json").read_text()):
        results[case["name"]] = run(folder, case, generator)
        print(case["name"], results[case["name"]], flush=True)
        torch.cuda.empty_cache()
    print(json.dumps({"device": torch.cuda.get_device_name(), "kernels": results}))
    sys.exit(0 if all(r["ok"] for r in results.values()) else 1)


if __name__ == "__main__":
    main()
