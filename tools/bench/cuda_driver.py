"""What scripts share that check kernels: a device, or emulated warps in its place, and code that is launched there.

On `cuda:N` sources are compiled by NVRTC and launched through CUDA's driver, on torch's stream. On `cpu` g++ compiles them
over `tools/interop/cuda_emulation`, and tensors are the host's: slow, but the very kernels, arguments and comparisons.
"""

import ctypes
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import torch

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "interop"))
import compile_cuda  # noqa: E402

EMULATION = HERE.parent / "interop" / "cuda_emulation"
MOST_SHARED_BYTES = 97  # CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN
PROCESSORS = 16  # CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT
SHARED_BYTES = 8  # CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES
BFLOAT16, EXCHANGED, CACHED = 9, 3, 2  # as runtime.cudart.TensorMap has them
PIECE = 64  # columns of a copy
EMULATED_ARCHITECTURE = "sm_90"  # which has all instructions that kernels use
EMULATED_SHARED_BYTES = 227 << 10
KERNEL = re.compile(r'extern "C" __global__ void (?:__launch_bounds__\([^;{]*?\)\s+)?(\w+)\(')
# What C++ cannot say: a block's shared memory, sized when the kernel is launched.
SHARED = re.compile(r"extern __shared__ (?:__align__\(\d+\) )?([\w ]+?) (\w+)\[\];")
CALL = """
template <class... A, size_t... I> void callWith(void (*kernel)(A...), void **arguments, std::index_sequence<I...>) {
    kernel(*(std::remove_cv_t<A> *)arguments[I]...);
}

template <class... A>
void runKernel(void (*kernel)(A...), int x, int y, int z, int threads, int sharedBytes, void **arguments) {
    launch({x, y, z}, threads, sharedBytes / 2, [&] { callWith(kernel, arguments, std::index_sequence_for<A...>()); });
}
"""


def check(driver, function, *arguments):
    status = getattr(driver, function)(*arguments)
    if status:
        raise RuntimeError(f"{function}: error {status}")


def pointers(arguments):
    """An array of addresses of arguments: tensors, whole numbers of 32 bits, or the bytes of a structure."""
    values = []
    for a in arguments:
        if isinstance(a, torch.Tensor):
            values.append(ctypes.c_void_p(a.data_ptr()))
        elif isinstance(a, bytes):
            values.append(ctypes.create_string_buffer(a, len(a)))
        else:
            values.append(ctypes.c_int(a) if a is not None else ctypes.c_void_p())
    array = (ctypes.c_void_p * len(values))(*(ctypes.addressof(v) for v in values))
    array.values = values  # which live as long
    return array


class Cuda:
    """A CUDA device."""

    def __init__(self, name):
        torch.cuda.set_device(name)
        torch.zeros(1, device="cuda")  # makes the context current
        self.torch = "cuda"
        self.driver = ctypes.CDLL("libcuda.so.1")
        major, minor = torch.cuda.get_device_capability()
        self.architecture = f"sm_{major}{minor}"
        self.name = torch.cuda.get_device_name()
        self.shared_bytes = self.attribute(MOST_SHARED_BYTES)
        self.processors = self.attribute(PROCESSORS)

    def attribute(self, number):
        device, value = ctypes.c_int(), ctypes.c_int()
        check(self.driver, "cuCtxGetDevice", ctypes.byref(device))
        check(self.driver, "cuDeviceGetAttribute", ctypes.byref(value), number, device)
        return value.value

    def wait(self):
        torch.cuda.synchronize()

    def milliseconds(self, work, runs):
        for _ in range(3):
            work()
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        for _ in range(runs):
            work()
        end.record()
        end.synchronize()
        return start.elapsed_time(end) / runs

    def code(self, source, width=0):
        return CudaCode(self, source, width)

    def tensor_map(self, matrix, tile_rows):
        """How a kernel copies tiles of a matrix of bfloat16, or of one of many."""
        space = (ctypes.c_char * 192)()
        place = -(-ctypes.addressof(space) // 64) * 64
        rank = matrix.dim()
        sizes = list(reversed(matrix.shape))
        strides = [2 * s for s in reversed(matrix.stride()[:-1])]
        check(
            self.driver,
            "cuTensorMapEncodeTiled",
            ctypes.c_void_p(place),
            BFLOAT16,
            rank,
            ctypes.c_void_p(matrix.data_ptr()),
            (ctypes.c_uint64 * rank)(*sizes),
            (ctypes.c_uint64 * (rank - 1))(*strides),
            (ctypes.c_uint32 * rank)(PIECE, tile_rows, *[1] * (rank - 2)),
            (ctypes.c_uint32 * rank)(*[1] * rank),
            0,
            EXCHANGED,
            CACHED,
            0,
        )
        return ctypes.string_at(place, 128)


class CudaCode:
    """Compiled code on a device."""

    def __init__(self, device, source, width):
        self.driver, self.module, self.functions = device.driver, ctypes.c_void_p(), {}
        code = compile_cuda.compile_one(compile_cuda.library(), source.encode(), device.architecture, width)
        check(self.driver, "cuModuleLoadData", ctypes.byref(self.module), code)

    def launch(self, name, grid, threads, shared, *arguments):
        if name not in self.functions:
            function = ctypes.c_void_p()
            check(self.driver, "cuModuleGetFunction", ctypes.byref(function), self.module, name.encode())
            self.functions[name] = function
        function = self.functions[name]
        if shared:
            check(self.driver, "cuFuncSetAttribute", function, SHARED_BYTES, shared)
        stream = ctypes.c_void_p(torch.cuda.current_stream().cuda_stream)
        array = pointers(arguments)
        check(self.driver, "cuLaunchKernel", function, *grid, threads, 1, 1, shared, stream, array, None)


class Emulated:
    """Emulated warps."""

    torch = "cpu"
    architecture = EMULATED_ARCHITECTURE
    name = "emulated warps"
    shared_bytes = EMULATED_SHARED_BYTES
    processors = 2

    def wait(self):
        pass

    def milliseconds(self, work, runs):
        del runs  # which would tell nothing
        begin = time.perf_counter()
        work()
        return (time.perf_counter() - begin) * 1e3

    def code(self, source, width=0):
        return EmulatedCode(source, width)

    def tensor_map(self, matrix, tile_rows):
        rows, columns = matrix.shape[-2:]
        words = (matrix.data_ptr(), columns, rows, PIECE, tile_rows)
        return b"".join(w.to_bytes(8, "little") for w in words).ljust(128, b"\0")


class EmulatedCode:
    """Code of the host."""

    def __init__(self, source, width):
        kernels = KERNEL.findall(source)
        source = source.replace('extern "C"', "static")
        source = SHARED.sub(r"\1 *\2 = (\1 *)sharedMemory.data();", source)
        header = "warpgroups.h" if "TensorMap" in source or "wgmma" in source else "emulation.h"
        runs = "".join(
            f'extern "C" void run_{k}(int x, int y, int z, int threads, int sharedBytes, void **arguments) {{\n'
            f"    runKernel({k}, x, y, z, threads, sharedBytes, arguments);\n}}\n"
            for k in kernels
        )
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "kernels.cpp")
            prelude = f'#include "{header}"\n#undef __grid_constant__\n#define __grid_constant__\n#define __constant__ static\n'
            file.write_text(prelude + source + CALL + runs)
            library = file.with_suffix(".so")
            options = ["-std=c++20", "-O1", "-fno-strict-aliasing", "-w", "-shared", "-fPIC", f"-DHEAD={width}"]
            subprocess.run(["g++", *options, f"-I{EMULATION}", str(file), "-o", str(library)], check=True)
            self.library = ctypes.CDLL(str(library))

    def launch(self, name, grid, threads, shared, *arguments):
        getattr(self.library, f"run_{name}")(*grid, threads, shared, pointers(arguments))


def device(name):
    """The device of a name: `cpu` or `cuda:N`."""
    return Emulated() if name == "cpu" else Cuda(name)


def distance(found, expected):
    """The norm of the difference over the norm."""
    found, expected = found.double(), expected.double()
    return float(f"{((found - expected).norm() / expected.norm()).item():.2e}")


def same_bits(work, results):
    """Runs work twice; whether results have the same bits."""
    work()
    first = [r.clone() for r in results]
    work()
    return all(torch.equal(a, b) for a, b in zip(first, results, strict=True))
