#!/usr/bin/env python3
"""Compiles the CUDA sources of the runtime with NVRTC, which needs no device.

    pip install nvidia-cuda-nvrtc
    python tools/interop/compile_cuda.py [--arch sm_80 ...] [--width 64 ...]

Prints one JSON object with the bytes of code for each architecture and width; fails with the compiler's log.
"""

import argparse
import ctypes
import glob
import json
import pathlib
import site
import sys

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "runtime/src/main/resources/dev/lejepa/runtime/cuda"
SOURCES = [  # parts of one source, each of which needs those before
    FOLDER / name
    for name in (
        "instructions.cu",
        "attention_tiles.cu",
        "attention_products.cu",
        "attention_forward.cu",
        "attention_queries.cu",
        "attention_keys.cu",
        "attention_head.cu",
        "attention_sums.cu",
    )
]


def library():
    for root in site.getsitepackages() + [site.getusersitepackages()]:
        for path in sorted(glob.glob(f"{root}/nvidia/**/libnvrtc.so.*", recursive=True)):
            return ctypes.CDLL(path)
    return ctypes.CDLL("libnvrtc.so.13")


def compile_one(nvrtc, source, arch, width):
    program = ctypes.c_void_p()
    nvrtc.nvrtcCreateProgram(ctypes.byref(program), source, b"attention.cu", 0, None, None)
    options = [f"--gpu-architecture={arch}", f"-DWIDTH={width}", "--std=c++17"]
    array = (ctypes.c_char_p * len(options))(*(o.encode() for o in options))
    status = nvrtc.nvrtcCompileProgram(program, len(options), array)
    size = ctypes.c_size_t()
    nvrtc.nvrtcGetProgramLogSize(program, ctypes.byref(size))
    log = ctypes.create_string_buffer(size.value)
    nvrtc.nvrtcGetProgramLog(program, log)
    if status:
        sys.exit(f"{arch}, width {width}: {log.value.decode()}")
    nvrtc.nvrtcGetCUBINSize(program, ctypes.byref(size))
    code = ctypes.create_string_buffer(size.value)
    nvrtc.nvrtcGetCUBIN(program, code)
    return code.raw


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--arch", nargs="+", default=["sm_80", "sm_90", "sm_100"])
    parser.add_argument("--width", nargs="+", type=int, default=[32, 64, 80, 96, 128])
    parser.add_argument("--out", type=pathlib.Path, help="folder for the code (ARCH-WIDTH.cubin)")
    args = parser.parse_args()
    nvrtc = library()
    source = b"\n".join(path.read_bytes() for path in SOURCES)
    sizes = {}
    for arch in args.arch:
        for width in args.width:
            code = compile_one(nvrtc, source, arch, width)
            sizes[f"{arch}/{width}"] = len(code)
            if args.out:
                args.out.mkdir(parents=True, exist_ok=True)
                (args.out / f"{arch}-{width}.cubin").write_bytes(code)
    print(json.dumps({"compiled": len(sizes), "bytes": sizes}))


if __name__ == "__main__":
    main()
