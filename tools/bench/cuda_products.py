#!/usr/bin/env python3
"""Checks and times the engine's products with formulas on the device that is there, an sm_90.

    cuda_products.py FOLDER

FOLDER holds what dev.lejepa.runtime.cuda.RowSources of runtime's tests wrote: sources and products.json. Each kernel is
compared with torch (relative error by norm), run twice for equal bits, and timed beside torch.mm alone and torch.mm with
torch's kernels for the formula behind it. The last line is one JSON object. Needs PyTorch for CUDA, and NVRTC.
"""

import ctypes
import json
import pathlib
import sys

import torch
from torch.nn import functional

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "interop"))
import compile_cuda  # noqa: E402

RUNS = 20
SHARED_BYTES = 8  # CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES
TILE, PIECE = 128, 64  # as runtime.cuda.ProductShape has them
BFLOAT16, EXCHANGED, CACHED = 9, 3, 2  # as runtime.cudart.TensorMap has them
# Product and result are rounded to the nearest bfloat16, 2^-9 of themselves at most; sums over rows are of rounded numbers.
BOUNDS = {"product": 4e-3, "result": 8e-3, "sum": 8e-3}


def check(driver, function, *arguments):
    status = getattr(driver, function)(*arguments)
    if status:
        raise RuntimeError(f"{function}: error {status}")


def tensor_map(driver, matrix, tile_rows):
    space = (ctypes.c_char * 192)()
    place = -(-ctypes.addressof(space) // 64) * 64
    rows, columns = matrix.shape
    check(
        driver,
        "cuTensorMapEncodeTiled",
        ctypes.c_void_p(place),
        BFLOAT16,
        2,
        ctypes.c_void_p(matrix.data_ptr()),
        (ctypes.c_uint64 * 2)(columns, rows),
        (ctypes.c_uint64 * 1)(columns * 2),
        (ctypes.c_uint32 * 2)(PIECE, tile_rows),
        (ctypes.c_uint32 * 2)(1, 1),
        0,
        EXCHANGED,
        CACHED,
        0,
    )
    return ctypes.string_at(place, 128)


class Kernel:
    def __init__(self, driver, source, case):
        self.driver, self.case = driver, case
        self.module, self.function = ctypes.c_void_p(), ctypes.c_void_p()
        code = compile_cuda.compile_one(compile_cuda.library(), source.encode(), "sm_90a", 0)
        check(driver, "cuModuleLoadData", ctypes.byref(self.module), code)
        check(driver, "cuModuleGetFunction", ctypes.byref(self.function), self.module, b"product")
        check(driver, "cuFuncSetAttribute", self.function, SHARED_BYTES, case["sharedBytes"])

    def launch(self, a, b, *others):
        tile_rows = TILE if self.case["transB"] else PIECE
        argument = tensor_map(self.driver, a, TILE) + tensor_map(self.driver, b, tile_rows)
        argument += b"".join(t.data_ptr().to_bytes(8, "little") for t in others)
        buffer = ctypes.create_string_buffer(argument, len(argument))
        pointers = (ctypes.c_void_p * 1)(ctypes.addressof(buffer))
        blocks = min(torch.cuda.get_device_properties(0).multi_processor_count, self.case["mostBlocks"])
        stream = ctypes.c_void_p(torch.cuda.current_stream().cuda_stream)
        check(
            self.driver,
            "cuLaunchKernel",
            self.function,
            *(blocks, 1, 1, self.case["threads"], 1, 1, self.case["sharedBytes"]),
            stream,
            pointers,
            None,
        )


def milliseconds(work):
    for _ in range(3):
        work()
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    start.record()
    for _ in range(RUNS):
        work()
    end.record()
    end.synchronize()
    return start.elapsed_time(end) / RUNS


def distance(found, expected):
    return ((found.float() - expected.float()).norm() / expected.float().norm()).item()


def half(*shape, deviation=1.0):
    return (torch.randn(shape, device="cuda") * deviation).bfloat16()


def forward(kernel, case):
    rows, columns, depth = case["rows"], case["columns"], case["depth"]
    x, w, bias = half(rows, depth), half(columns, depth, deviation=depth**-0.5), torch.randn(columns, device="cuda")
    y, product, parts = (torch.empty(rows, columns, device="cuda", dtype=torch.bfloat16) for _ in range(3))
    plain = x @ w.t()

    def ours():
        kernel.launch(x, w, bias, y, product, parts)

    ours()
    torch.cuda.synchronize()
    first = y.clone(), product.clone()
    ours()
    torch.cuda.synchronize()
    errors = {
        "product": distance(product, plain),
        "result": distance(y, functional.gelu(product.float() + bias)),
    }
    same = all(torch.equal(a, b) for a, b in zip(first, (y, product), strict=True))
    gelu = torch.compile(lambda h: functional.gelu(h.float() + bias).bfloat16())
    return errors, same, ours, lambda: x @ w.t(), lambda: gelu(x @ w.t())


def backward(kernel, case):
    rows, columns, depth = case["rows"], case["columns"], case["depth"]
    dy, w, x = half(rows, depth), half(depth, columns, deviation=depth**-0.5), half(rows, columns)
    dx, parts = torch.empty_like(x), torch.empty(case["tilesDown"], columns, device="cuda")

    def ours():
        kernel.launch(dy, w, x, dx, parts)

    def of_product(product):
        u = x.float()
        slope = torch.special.ndtr(u) + u * torch.exp(-u * u / 2) * 0.3989422804014327
        return (product.float() * slope).bfloat16()

    ours()
    torch.cuda.synchronize()
    first = dx.clone(), parts.clone()
    ours()
    torch.cuda.synchronize()
    expected = of_product(dy @ w)
    errors = {"result": distance(dx, expected), "sum": distance(parts.sum(0), dx.float().sum(0))}
    same = all(torch.equal(a, b) for a, b in zip(first, (dx, parts), strict=True))
    gradient = torch.compile(lambda p: (lambda d: (d, d.float().sum(0)))(of_product(p)))
    return errors, same, ours, lambda: dy @ w, lambda: gradient(dy @ w)


def main():
    folder = pathlib.Path(sys.argv[1])
    torch.manual_seed(7)
    torch.zeros(1, device="cuda")  # makes the context current
    driver = ctypes.CDLL("libcuda.so.1")
    results = {}
    for case in json.loads((folder / "products.json").read_text()):
        kernel = Kernel(driver, (folder / (case["name"] + ".cu")).read_text(), case)
        work = forward if case["name"] == "gelu_product" else backward
        errors, same, ours, product, both = work(kernel, case)
        times = {name: milliseconds(f) for name, f in (("ours", ours), ("torch_mm", product), ("torch_both", both))}
        operations = 2e-9 * case["rows"] * case["columns"] * case["depth"]
        results[case["name"]] = {
            "errors": errors,
            "ok": same and all(e < BOUNDS[name] for name, e in errors.items()),
            "sameBits": same,
            "ms": {name: round(t, 4) for name, t in times.items()},
            "TFLOPs": {name: round(operations / t) for name, t in times.items()},
        }
        print(case["name"], results[case["name"]], flush=True)
    print(json.dumps({"device": torch.cuda.get_device_name(), "products": results}))
    sys.exit(0 if all(r["ok"] for r in results.values()) else 1)


if __name__ == "__main__":
    main()
