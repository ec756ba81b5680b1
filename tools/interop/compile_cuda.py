#!/usr/bin/env python3
"""Compiles the CUDA sources of the runtime with NVRTC, which needs no device.

    pip install nvidia-cuda-nvrtc
    python tools/interop/compile_cuda.py [--arch sm_80 ...] [--products bf16 tf32 fp32] [--width 64 ...]

Prints one JSON object with the bytes of code for each architecture, kind of products and width; fails with the
compiler's log, also where it lets products of four warps wait for each other.
"""

import argparse
import ctypes
import glob
import itertools
import json
import pathlib
import site
import sys

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "runtime/src/main/resources/dev/lejepa/runtime/cuda"
PASSES = ["attention_forward", "attention_queries", "attention_keys"]
ROWS = ["attention_tiles", "attention_registers"]
FLOATS = ["attention_float", *ROWS, "attention_kept_strips", "attention_float_results"]
SOURCES = {  # parts of one source, each of which needs those before, by what products are made of
    "bf16": ["attention_bf16", *ROWS, "attention_bf16_strips", "attention_products", *PASSES, "attention_head"],
    "tf32": ["attention_tf32", *FLOATS, "attention_tf32_products", *PASSES],
    "fp32": ["attention_fp32", *FLOATS, "attention_fp32_products", *PASSES],
}
WIDEST_IN_REGISTERS = 128  # as runtime.cuda.AttentionProducts has it
WIDE_BFLOAT16 = ["attention_bf16", *ROWS, "attention_kept_strips", "attention_products", *PASSES]
TOGETHER = ["warpgroups", "warpgroup_strips", "attention_warpgroups"]
AHEAD = [
    "attention_stages",
    "attention_forward_together",
    "attention_gradients_together",
    "attention_head_together",
]


def is_together(products, arch, width):
    """Whether the forward pass has the kernel of four warps, as runtime.cuda.AttentionForward has it."""
    return products == "bf16" and arch == "sm_90" and width in (64, 128)


def is_ahead(products, arch, width):
    """Whether both passes have kernels to which heads come ahead, as runtime.cuda.AttentionRows has it."""
    return is_together(products, arch, width) and width == 64


def source_of(products, arch, width):
    wide = products == "bf16" and width > WIDEST_IN_REGISTERS
    names = ["instructions", *(WIDE_BFLOAT16 if wide else SOURCES[products]), "attention_sums"]
    names += TOGETHER if is_together(products, arch, width) else []
    names += AHEAD if is_ahead(products, arch, width) else []
    return b"\n".join((FOLDER / f"{name}.cu").read_bytes() for name in names)


def library():
    for root in site.getsitepackages() + [site.getusersitepackages()]:
        for path in sorted(glob.glob(f"{root}/nvidia/**/libnvrtc.so.*", recursive=True)):
            return ctypes.CDLL(path)
    return ctypes.CDLL("libnvrtc.so.13")


def compile_one(nvrtc, source, arch, width):
    program = ctypes.c_void_p()
    nvrtc.nvrtcCreateProgram(ctypes.byref(program), source, b"attention.cu", 0, None, None)
    code = "sm_90a" if arch == "sm_90" else arch
    options = [f"--gpu-architecture={code}", f"-DHEAD={width}", "--std=c++17"]
    array = (ctypes.c_char_p * len(options))(*(o.encode() for o in options))
    status = nvrtc.nvrtcCompileProgram(program, len(options), array)
    size = ctypes.c_size_t()
    nvrtc.nvrtcGetProgramLogSize(program, ctypes.byref(size))
    log = ctypes.create_string_buffer(size.value)
    nvrtc.nvrtcGetProgramLog(program, log)
    if status or b"wgmma.mma_async instructions are serialized" in log.value:
        sys.exit(f"{arch}, width {width}: {log.value.decode()}")
    nvrtc.nvrtcGetCUBINSize(program, ctypes.byref(size))
    code = ctypes.create_string_buffer(size.value)
    nvrtc.nvrtcGetCUBIN(program, code)
    return code.raw


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--arch", nargs="+", default=["sm_80", "sm_90", "sm_100"])
    parser.add_argument("--products", nargs="+", choices=SOURCES, default=list(SOURCES))
    parser.add_argument("--width", nargs="+", type=int, default=[21, 32, 64, 72, 80, 96, 128, 192])
    parser.add_argument("--out", type=pathlib.Path, help="folder for the code (ARCH-PRODUCTS-WIDTH.cubin)")
    args = parser.parse_args()
    nvrtc = library()
    sizes = {}
    for arch, products, width in itertools.product(args.arch, args.products, args.width):
        code = compile_one(nvrtc, source_of(products, arch, width), arch, width)
        sizes[f"{arch}/{products}/{width}"] = len(code)
        if args.out:
            args.out.mkdir(parents=True, exist_ok=True)
            (args.out / f"{arch}-{products}-{width}.cubin").write_bytes(code)
    print(json.dumps({"compiled": len(sizes), "bytes": sizes}))


if __name__ == "__main__":
    main()
