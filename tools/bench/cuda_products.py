#!/usr/bin/env python3
"""Checks and times the engine's products with formulas, which an sm_90 has.

    cuda_products.py FOLDER [cuda:0]

FOLDER is one that tools/bench/kernels.sh wrote: sources and products.json. Each kernel is compared with torch (relative
error by norm), run twice for equal bits, and timed beside torch.mm alone and torch.mm with torch's kernels for the formula
behind it. `cpu` as the device tries all of it on emulated warps, with a folder of small sizes. The last line is one JSON
object. Exit code 1 if a kernel is wrong. Needs torch; on other devices than an sm_90 nothing is computed.
"""

import json
import pathlib
import sys

import cuda_driver
import torch
from torch.nn import functional

RUNS = 20
ARCHITECTURE = "sm_90"
TILE, PIECE = 128, 64  # as runtime.cuda.ProductShape has them
# Product and result are rounded to the nearest bfloat16, 2^-9 of themselves at most; sums over rows are of rounded numbers.
BOUNDS = {"product": 4e-3, "result": 8e-3, "sum": 8e-3}


class Product:
    def __init__(self, device, source, case):
        self.device, self.case, self.code = device, case, device.code(source)

    def launch(self, a, b, *others):
        tile_rows = TILE if self.case["transB"] else PIECE
        argument = self.device.tensor_map(a, TILE) + self.device.tensor_map(b, tile_rows)
        argument += b"".join(t.data_ptr().to_bytes(8, "little") for t in others)
        blocks = min(self.device.processors, self.case["mostBlocks"])
        self.code.launch("product", (blocks, 1, 1), self.case["threads"], self.case["sharedBytes"], argument)

    def half(self, *shape, deviation=1.0):
        return (torch.randn(shape, device=self.device.torch) * deviation).bfloat16()

    def empty(self, *shape, dtype=torch.bfloat16):
        return torch.full(shape, float("nan"), device=self.device.torch, dtype=dtype)


def forward(kernel, case):
    """Errors, whether bits were equal, and calls of ours, of torch's product, and of its formula behind that."""
    rows, columns, depth = case["rows"], case["columns"], case["depth"]
    x, w = kernel.half(rows, depth), kernel.half(columns, depth, deviation=depth**-0.5)
    bias = torch.randn(columns, device=kernel.device.torch)
    y, product, parts = (kernel.empty(rows, columns) for _ in range(3))

    def ours():
        kernel.launch(x, w, bias, y, product, parts)

    same = cuda_driver.same_bits(ours, (y, product))
    errors = {
        "product": cuda_driver.distance(product, x @ w.t()),
        "result": cuda_driver.distance(y, functional.gelu(product.float() + bias)),
    }

    def formula(h):
        return functional.gelu(h.float() + bias).bfloat16()

    return errors, same, ours, lambda: x @ w.t(), formula


def backward(kernel, case):
    """The same for the gradient."""
    rows, columns, depth = case["rows"], case["columns"], case["depth"]
    dy, w, x = kernel.half(rows, depth), kernel.half(depth, columns, deviation=depth**-0.5), kernel.half(rows, columns)
    dx, parts = kernel.empty(rows, columns), kernel.empty(case["tilesDown"], columns, dtype=torch.float32)

    def ours():
        kernel.launch(dy, w, x, dx, parts)

    def of_product(product):
        u = x.float()
        slope = torch.special.ndtr(u) + u * torch.exp(-u * u / 2) * 0.3989422804014327
        return (product.float() * slope).bfloat16()

    same = cuda_driver.same_bits(ours, (dx, parts))
    errors = {
        "result": cuda_driver.distance(dx, of_product(dy @ w)),
        "sum": cuda_driver.distance(parts.sum(0), dx.float().sum(0)),
    }

    def formula(product):
        d = of_product(product)
        return d, d.float().sum(0)

    return errors, same, ours, lambda: dy @ w, formula


def compiled(formula, product):
    """The formula as torch compiles it; as it is where torch cannot, for want of a compiler for one."""
    fast = torch.compile(formula)
    try:
        fast(product())
        return "torch_both", fast
    except Exception as e:  # torch raises many kinds
        print(f"torch.compile: {str(e).splitlines()[0]}", file=sys.stderr)
        return "torch_both_eager", formula


def measured(device, source, case):
    work = forward if case["name"] == "gelu_product" else backward
    errors, same, ours, product, formula = work(Product(device, source, case), case)
    calls = {"ours": ours, "torch_mm": product}
    if device.torch == "cuda":
        name, both = compiled(formula, product)
        calls[name] = lambda: both(product())
    times = {name: device.milliseconds(f, RUNS) for name, f in calls.items()}
    operations = 2e-9 * case["rows"] * case["columns"] * case["depth"]
    return {
        "errors": errors,
        "ok": same and all(e < BOUNDS[name] for name, e in errors.items()),
        "sameBits": same,
        "ms": {name: round(t, 4) for name, t in times.items()},
        "TFLOPs": {name: round(operations / t) for name, t in times.items()},
    }


def main():
    folder = pathlib.Path(sys.argv[1])
    torch.manual_seed(7)
    device = cuda_driver.device(sys.argv[2] if len(sys.argv) > 2 else "cuda:0")
    if device.architecture != ARCHITECTURE:
        print(json.dumps({"device": device.name, "ok": True, "products": {}, "left_out": f"needs {ARCHITECTURE}"}))
        return
    results = {}
    for case in json.loads((folder / "products.json").read_text()):
        results[case["name"]] = measured(device, (folder / (case["name"] + ".cu")).read_text(), case)
        print(case["name"], results[case["name"]], flush=True)
    ok = all(r["ok"] for r in results.values())
    print(json.dumps({"device": device.name, "ok": ok, "products": results}))
    sys.exit(0 if ok else 1)


if __name__ == "__main__":
    main()
