#!/usr/bin/env python3
"""Checks and times the engine's convolutions and pooling of bfloat16 maps on a device, beside torch's.

    java OPTIONS -cp runtime/target/test-classes:CLASS_PATH dev.lejepa.runtime.ort.ConvRuns FOLDER cuda:0 64 1
    cuda_convolutions.py FOLDER [cuda:0]

OPTIONS and CLASS_PATH are those that `./lejepa` starts Java with on a CUDA device.

FOLDER holds operands, results and times (ConvRuns of runtime's tests). Results are compared with torch's in float32, by
norm; torch is timed in bfloat16 and channels_last over 20 calls, with cudnn.benchmark. `ConvRuns FOLDER cpu 2 4` and `cpu` as
the second argument try both on host cores. The last line is one JSON object: for each case and direction the error, our
microseconds and torch's, and whether two runs gave equal bits. Exit code 1 if an error is too large.
"""

import json
import pathlib
import sys
import time

import torch
import torch.nn.functional as F

RUNS = 20
# One rounding to bfloat16, 2^-9 of each element at most, and sums in another order.
BOUND = 4e-3


def read(folder, name, shape, dtype):
    data = bytearray((folder / name).read_bytes())
    return torch.frombuffer(data, dtype=dtype).reshape(shape).to(DEVICE)


def maps(folder, name, size_of):
    """[N, C, H, W] in channels_last memory of what lies as [N, H, W, C]."""
    return read(folder, name, size_of, torch.bfloat16).permute(0, 3, 1, 2)


def timed(call):
    for _ in range(3):
        call()
    if DEVICE == "cpu":
        begin = time.perf_counter()
        for _ in range(RUNS):
            call()
        return (time.perf_counter() - begin) / RUNS * 1e6
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    start.record()
    for _ in range(RUNS):
        call()
    end.record()
    torch.cuda.synchronize()
    return start.elapsed_time(end) / RUNS * 1000


def convolution(case, x, w):
    return F.conv2d(x, w, stride=case["stride"], padding=case["padding"], groups=case["groups"])


def gradients(case, x, w, dy, wanted):
    settings = ([case["stride"]] * 2, [case["padding"]] * 2, [1, 1], False, [0, 0], case["groups"])
    return torch.ops.aten.convolution_backward(dy, x, w, None, *settings, wanted)


def pooled(case, x):
    return F.max_pool2d(x, case["window"], case["stride"], case["padding"])


def pool_gradient(case, x, dy):
    x = x.detach().requires_grad_()
    return torch.autograd.grad(pooled(case, x), x, dy)[0]


def direction(folder, name, case, what):
    """Our result and torch's in float32 as [N, C, H, W] or [O, C, kh, kw], and a call of torch in bfloat16."""
    shape_x, shape_y = (case[k]["shape"] for k in ("maps", "forward"))
    file = f"{name}-{what}-"
    if "window" in case:
        x = maps(folder, file + "x0", shape_x)
        if what == "forward":
            return maps(folder, file + "y", shape_y), pooled(case, x.float()), lambda: pooled(case, x)
        dy = maps(folder, file + "x", shape_y)
        return maps(folder, file + "y", shape_x), pool_gradient(case, x.float(), dy.float()), lambda: pool_gradient(case, x, dy)
    shape_w = case["filters"]["shape"]
    if what == "forward":
        x, w = maps(folder, file + "x", shape_x), read(folder, file + "x0", shape_w, torch.bfloat16)
        w = w.contiguous(memory_format=torch.channels_last)
        return maps(folder, file + "y", shape_y), convolution(case, x.float(), w.float()), lambda: convolution(case, x, w)
    dy = maps(folder, file + "x", shape_y)
    if what == "maps":
        w = read(folder, file + "x0", shape_w, torch.bfloat16).contiguous(memory_format=torch.channels_last)
        x = torch.zeros_like(maps(folder, file + "y", shape_x))
        found, place, wanted = maps(folder, file + "y", shape_x), 0, [True, False, False]
    else:
        x = maps(folder, file + "x0", shape_x)
        w = torch.zeros(shape_w, dtype=torch.bfloat16, device=DEVICE).contiguous(memory_format=torch.channels_last)
        found, place, wanted = read(folder, file + "y", shape_w, torch.float32), 1, [False, True, False]
    expected = gradients(case, x.float(), w.float(), dy.float(), wanted)[place]
    return found, expected, lambda: gradients(case, x, w, dy, wanted)


def main():
    folder = pathlib.Path(sys.argv[1])
    torch.backends.cudnn.benchmark = True
    torch.backends.cudnn.allow_tf32 = False
    results, ok = {}, True
    for name, case in json.loads((folder / "cases.json").read_text()).items():
        for what in [w for w in ("forward", "maps", "filters") if w in case]:
            found, expected, call = direction(folder, name, case, what)
            error = ((found.float() - expected).norm() / expected.norm()).item()
            theirs = timed(call)
            fits = error < BOUND
            ok = ok and fits and case[what]["sameBits"]
            results[f"{name} {what}"] = {
                "error": float(f"{error:.2g}"),
                "ok": fits,
                "sameBits": case[what]["sameBits"],
                "us": round(case[what]["us"], 1),
                "torch": round(theirs, 1),
            }
            print(f"{name} {what}", results[f"{name} {what}"], flush=True)
    device = "cpu" if DEVICE == "cpu" else torch.cuda.get_device_name()
    print(json.dumps({"device": device, "ok": ok, "convolutions": results}))
    sys.exit(0 if ok else 1)


DEVICE = sys.argv[2] if len(sys.argv) > 2 else "cuda:0"
main()
