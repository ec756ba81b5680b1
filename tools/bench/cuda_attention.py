#!/usr/bin/env python3
"""Times the CUDA kernels of attention on the device at hand, beside PyTorch's, and checks their numbers.

    python3 tools/bench/cuda_attention.py [--quick]

Needs PyTorch for CUDA; compiles the kernels with NVRTC and launches them through the driver. Prints one JSON object: for
each shape and kind of products (bfloat16, TF32, float32) milliseconds of each kernel, of PyTorch's fused attentions, and
relative errors (norm of the difference over the norm) of results and gradients against products in float32, or in float64
for those of floats, by each kernel of the forward pass that takes the shape and by the backward pass in two kernels and,
where a head of bfloat16 fits into a block, in one, on sm_90 also in one of four warps together; for the first shape also
other choices of what a warp computes. The bias of queries, keys and values is added by the kernels, and its gradient
summed up.
"""

import argparse
import ctypes
import json
import pathlib
import re
import sys

import torch
from torch.nn import functional
from torch.nn.attention import SDPBackend, sdpa_kernel

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "interop"))
import compile_cuda  # noqa: E402

SHARED_BYTES = 8  # CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES
BLOCK_BYTES = 99 << 10  # as runtime.cuda.AttentionGrid has them
ENOUGH_BLOCKS = 400
HEAD_WARPS = 8  # as runtime.cuda.AttentionHead has them
HEAD_QUERIES = 32
TOGETHER_STAGES = [(q, k) for q in (4, 3, 2, 1) for k in (q, q - 1) if k]  # as runtime.cuda.AttentionTogether has them
CHECKED = 2  # images whose scores are computed whole

# Images, tokens, heads, width. The first five are timed, the others show that every way through the kernels is right.
SHAPES = [
    (1024, 257, 6, 64),  # ViT-S/8 at 128 pixels
    (64, 257, 16, 64),  # ViT-L/14, views of 224 pixels
    (256, 197, 12, 64),  # ViT-B/16
    (192, 50, 16, 64),  # and of 98
    (256, 257, 16, 80),  # ViT-H/14
    (4, 785, 3, 64),
    (4, 300, 2, 80),
    (4, 300, 2, 128),
    (4, 300, 2, 72),
    (300, 65, 2, 32),
    (3, 17, 2, 16),
]

# Of results, by norm: bfloat16 rounds operands, weights and results to 2^-9 of themselves at most, TF32 operands and weights
# to 2^-11; floats are summed up in float32.
TOLERANCES = {"bf16": 1 / 128, "tf32": 1 / 512, "fp32": 1e-5}

VARIANTS = [
    {"FORWARD_BLOCKS": 2},
    {"FORWARD_STRIPS": 1},
    {"QUERY_STRIPS": 1, "QUERY_BLOCKS": 3},
    {"KEY_STRIPS": 1, "KEY_BLOCKS": 3},
]

EFFICIENT = {"torch_efficient": SDPBackend.EFFICIENT_ATTENTION}  # the only fused one that takes floats
BESIDE = {
    "bf16": {"torch_flash": SDPBackend.FLASH_ATTENTION, "torch_cudnn": SDPBackend.CUDNN_ATTENTION},
    "tf32": EFFICIENT,
    "fp32": EFFICIENT,
}


class Kernels:
    """Compiled code for products of a kind and one width, with some macros defined otherwise."""

    def __init__(self, products, width, macros):
        major, minor = torch.cuda.get_device_capability()
        arch = f"sm_{major}{minor}"
        self.together = compile_cuda.is_together(products, arch, width)
        self.ahead = compile_cuda.is_ahead(products, arch, width)
        source = compile_cuda.source_of(products, arch, width).decode()
        for name, value in macros.items():
            source, found = re.subn(rf"#define {name} .*", f"#define {name} {value}", source)
            assert found == 1, name
        self.driver = ctypes.CDLL("libcuda.so.1")
        code = compile_cuda.compile_one(compile_cuda.library(), source.encode(), arch, width)
        self.module = ctypes.c_void_p()
        self.call("cuModuleLoadData", ctypes.byref(self.module), code)
        self.functions = {}

    def call(self, function, *arguments):
        status = getattr(self.driver, function)(*arguments)
        if status:
            raise RuntimeError(f"{function}: error {status}")

    def launch(self, name, grid, shared, *arguments, threads=128):
        values = [
            ctypes.c_void_p(a.data_ptr()) if isinstance(a, torch.Tensor) else ctypes.c_int(a) for a in arguments
        ]
        self.launch_values(name, grid, shared, values, threads)

    def launch_values(self, name, grid, shared, values, threads):
        if name not in self.functions:
            function = ctypes.c_void_p()
            self.call("cuModuleGetFunction", ctypes.byref(function), self.module, name.encode())
            self.functions[name] = function
        function = self.functions[name]
        self.call("cuFuncSetAttribute", function, SHARED_BYTES, shared)
        list_of = (ctypes.c_void_p * len(values))(*(ctypes.addressof(v) for v in values))
        stream = ctypes.c_void_p(torch.cuda.current_stream().cuda_stream)
        self.call("cuLaunchKernel", function, *grid, threads, 1, 1, shared, stream, list_of, None)


    def map_of(self, tensor, rows):
        """How a kernel copies so many rows of a head of an image, as words of its argument."""
        images, tokens = tensor.shape[:2]
        columns = tensor[0, 0].numel()
        room = (ctypes.c_uint64 * 24)()  # from a multiple of 64 bytes on
        at = -(-ctypes.addressof(room) // 64) * 64
        self.call(
            "cuTensorMapEncodeTiled",
            ctypes.c_void_p(at),
            9,  # bfloat16
            3,
            ctypes.c_void_p(tensor.data_ptr()),
            (ctypes.c_uint64 * 3)(columns, tokens, images),
            (ctypes.c_uint64 * 2)(columns * 2, columns * 2 * tokens),
            (ctypes.c_uint32 * 3)(64, rows, 1),
            (ctypes.c_uint32 * 3)(1, 1, 1),
            0,
            3,  # 128 bytes, exchanged
            2,
            0,
        )
        return list((ctypes.c_uint64 * 16).from_address(at))


class Ours:
    """One attention and its buffers."""

    def __init__(self, kernels, products, qkv, bias, d_context):
        n, t, _, h, d = qkv.shape
        self.kernels, self.qkv, self.bias, self.d_context, self.sizes = kernels, qkv, bias, d_context, (t, h)
        strips = -(-t // 16)
        padded = -(-d // 16) * 16
        element = qkv.element_size()
        strips_of_warp = 2 if products == "bf16" or d <= 64 else 1
        self.kept = 0 if products == "bf16" else 4 * strips_of_warp * 16 * padded * element
        self.row = 2 * padded * element
        most = (BLOCK_BYTES - 2 * self.kept) // (16 * (self.row + 8))
        self.chunk = -(-strips // -(-strips // most)) * 16
        whole = self.chunk >= t and n * h >= ENOUGH_BLOCKS
        self.grid = (1 if whole else -(-strips // (4 * strips_of_warp)), h, n)
        self.context = torch.full_like(d_context, torch.nan)
        self.logs = torch.full((n, h, t), torch.nan, device="cuda")
        self.products = torch.full((n, h, t), torch.nan, device="cuda")
        self.d_qkv = torch.full_like(qkv, torch.nan)
        self.sums = torch.full((n * self.grid[0], 3 * h * d), torch.nan, device="cuda")
        self.d_bias = torch.full((3 * h * d,), torch.nan, device="cuda")
        side_by_side = 2 if padded <= 96 else 1
        self.head_threads = 32 * min(HEAD_WARPS, -(-strips // side_by_side))
        self.head_bytes = strips * 16 * (8 * padded + 2 * HEAD_QUERIES + 8) + HEAD_QUERIES // 16 * 4 * padded
        most = torch.cuda.get_device_properties(0).shared_memory_per_block_optin
        fits = products == "bf16" and strips <= HEAD_WARPS * (3 if d <= 64 else side_by_side) and self.head_bytes <= most
        self.backwards = [self.two_kernels, self.one_kernel] if fits else [self.two_kernels]
        self.forwards = [self.forward_by_warps]
        if kernels.together:
            self.forwards.append(self.forward_together)
        if kernels.ahead:
            self.place_ahead(most)

    def place_ahead(self, most):
        """Finds the places that heads have in a block's shared memory, if they fit there."""
        n, t, _, h, d = self.qkv.shape
        over = t % 64
        wide = t > 64 and 0 < over <= 16
        self.rows = t - over + 16 if wide else -(-t // 64) * 64
        if self.rows > 512:
            return
        self.tiles = -(-t // 64)
        self.blocks = min(torch.cuda.get_device_properties(0).multi_processor_count, n * h)
        copied = self.rows if self.rows <= 256 else self.rows // 2
        sizes = n, t, h, self.rows, copied
        qkv_map = self.kernels.map_of(self.qkv, copied)
        stages = min(4, (most - 1024 - 12 * 8) // (3 * self.rows * 2 * d))
        if stages > 0:
            self.ahead_bytes = 1024 + stages * 3 * self.rows * 2 * d + 12 * 8
            words = [*qkv_map, *(x.data_ptr() for x in (self.bias, self.context, self.logs)), *sizes, stages]
            self.ahead_arguments = (ctypes.c_uint64 * 32)(*words)
            self.forwards.append(self.forward_ahead)
        for queries, keys in TOGETHER_STAGES:
            numbers = queries * 2 * self.rows * 4
            self.together_bytes = 1024 + (queries + keys) * 2 * self.rows * 2 * d + numbers + 16 * d * 4 + 20 * 8
            if self.together_bytes <= most:
                self.together_sums = torch.full((n * self.tiles, 3 * h * d), torch.nan, device="cuda")
                maps = qkv_map + self.kernels.map_of(self.d_context, copied)
                tensors = self.bias, self.context, self.logs, self.d_qkv, self.together_sums
                words = [*maps, *(x.data_ptr() for x in tensors), *sizes, queries, keys]
                self.together_arguments = (ctypes.c_uint64 * 48)(*words)
                self.backwards.append(self.together)
                return

    def two_kernels(self):
        self.queries_gradient()
        self.keys_gradient()
        self.add_up(len(self.sums))

    def one_kernel(self):
        self.head_gradient()
        self.add_up(len(self.qkv))

    def together(self):
        self.gradient_together()
        self.add_up(len(self.together_sums), self.together_sums)

    def gradient_together(self):
        self.kernels.launch_values(
            "attention_head_together", (self.blocks, 1, 1), self.together_bytes, [self.together_arguments], 384
        )

    def add_up(self, rows, sums=None):
        columns = self.d_bias.numel()
        sums = self.sums if sums is None else sums
        self.kernels.launch(
            "attention_sums", (-(-columns // 32), 1, 1), 0, sums, self.d_bias, rows, columns, threads=512
        )

    def head_gradient(self):
        n, _, _, h, _ = self.qkv.shape
        self.kernels.launch(
            "attention_head_gradient",
            (1, h, n),
            self.head_bytes,
            self.qkv,
            self.bias,
            self.context,
            self.d_context,
            self.logs,
            self.d_qkv,
            self.sums,
            *self.sizes,
            threads=self.head_threads,
        )

    def forward(self):
        self.forwards[-1]()

    def forward_ahead(self):
        self.kernels.launch_values(
            "attention_forward_together", (self.blocks, 1, 1), self.ahead_bytes, [self.ahead_arguments], 512
        )

    def forward_together(self):
        parts = 1 if self.grid[0] == 1 else -(-self.sizes[0] // 64)
        self.launch_forward("attention_together", (parts, *self.grid[1:]), self.chunk * self.row + 1024)

    def forward_by_warps(self):
        self.launch_forward("attention", self.grid, self.kept + self.chunk * self.row)

    def launch_forward(self, kernel, grid, shared):
        self.kernels.launch(
            kernel,
            grid,
            shared,
            self.qkv,
            self.bias,
            self.context,
            self.logs,
            *self.sizes,
            self.chunk,
        )

    def queries_gradient(self):
        self.kernels.launch(
            "attention_queries_gradient",
            self.grid,
            2 * self.kept + self.chunk * self.row,
            self.qkv,
            self.bias,
            self.context,
            self.d_context,
            self.logs,
            self.products,
            self.d_qkv,
            self.sums,
            *self.sizes,
            self.chunk,
        )

    def keys_gradient(self):
        self.kernels.launch(
            "attention_keys_gradient",
            self.grid,
            2 * self.kept + self.chunk * (self.row + 8),
            self.qkv,
            self.bias,
            self.d_context,
            self.logs,
            self.products,
            self.d_qkv,
            self.sums,
            *self.sizes,
            self.chunk,
        )

    def kernels_in_order(self):
        kernels = {
            "forward_ms": self.forward,
            "queries_gradient_ms": self.queries_gradient,
            "keys_gradient_ms": self.keys_gradient,
        }
        if len(self.forwards) > 1:
            kernels |= {f"{forward.__name__}_ms": forward for forward in self.forwards}
        if self.one_kernel in self.backwards:
            kernels["head_gradient_ms"] = self.head_gradient
        if self.together in self.backwards:
            kernels["gradient_together_ms"] = self.gradient_together
        kernels["sums_ms"] = lambda: self.add_up(len(self.sums))
        return kernels

    def times(self, runs):
        return {name: milliseconds(kernel, runs) for name, kernel in self.kernels_in_order().items()}


def milliseconds(work, runs):
    for _ in range(3):
        work()
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    start.record()
    for _ in range(runs):
        work()
    end.record()
    end.synchronize()
    return round(start.elapsed_time(end) / runs, 4)


def parts(qkv):
    return [x.transpose(1, 2).detach().requires_grad_() for x in qkv.unbind(2)]


def torch_times(backend, qkv, d_context, runs):
    q, k, v = parts(qkv)
    with sdpa_kernel(backend):
        out = functional.scaled_dot_product_attention(q, k, v)
        d_out = d_context.transpose(1, 2)
        forward = milliseconds(lambda: functional.scaled_dot_product_attention(q, k, v), runs)
        backward = milliseconds(lambda: torch.autograd.grad(out, (q, k, v), d_out, retain_graph=True), runs)
    return {"forward_ms": forward, "backward_ms": backward}


def distance(found, expected):
    found, expected = found.double(), expected.double()
    return float(f"{((found - expected).norm() / expected.norm()).item():.2e}")


def forward_errors(ours):
    _, _, scores, out = expected_of(ours)
    return {
        "context": distance(ours.context[-CHECKED:].transpose(1, 2), out),
        "logs": distance(ours.logs[-CHECKED:], scores.logsumexp(-1)),
    }


def expected_of(ours):
    """Products in a wider type: that type, queries, keys and values, scores and contexts."""
    dtype = ours.qkv.dtype
    wide = torch.float32 if dtype == torch.bfloat16 else torch.float64
    biased = (ours.qkv[-CHECKED:].float() + ours.bias.view(ours.qkv.shape[2:])).to(dtype)
    inputs = [x.detach().to(wide).requires_grad_() for x in parts(biased)]
    q, k, v = inputs
    scores = q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5
    return wide, inputs, scores, scores.softmax(-1) @ v


def errors(ours):
    wide, inputs, _, out = expected_of(ours)
    gradients = torch.autograd.grad(out, inputs, ours.d_context[-CHECKED:].to(wide).transpose(1, 2))
    found = [x.transpose(1, 2) for x in ours.d_qkv[-CHECKED:].unbind(2)]
    result = {}
    for name, mine, theirs in zip(("queries", "keys", "values"), found, gradients, strict=True):
        result[name] = distance(mine, theirs)
    result["bias"] = distance(ours.d_bias, ours.d_qkv.to(wide).sum((0, 1)).flatten())
    return result


def repeated(ours, backward):
    """Whether a second run gives the same bits."""
    results = ours.context, ours.d_qkv, ours.d_bias
    first = [x.clone() for x in results]
    ours.forward()
    backward()
    return all(torch.equal(x, y) for x, y in zip(first, results, strict=True))


def measure(shape, products, macros, runs, beside):
    torch.manual_seed(5)
    n, t, h, d = shape
    dtype = torch.bfloat16 if products == "bf16" else torch.float32
    qkv = torch.randn(n, t, 3, h, d, device="cuda", dtype=dtype)
    d_context = torch.randn(n, t, h, d, device="cuda", dtype=dtype)
    bias = torch.randn(3 * h * d, device="cuda")
    ours = Ours(Kernels(products, d, macros), products, qkv, bias, d_context)
    result = {"shape": shape, "products": products, "macros": macros, "errors": {}, "same_bits": True}
    for forward in ours.forwards:  # the last is what backward passes read
        ours.context.fill_(torch.nan)
        ours.logs.fill_(torch.nan)
        forward()
        result["errors"][forward.__name__] = forward_errors(ours)
    for backward in ours.backwards:
        ours.d_qkv.fill_(torch.nan)
        backward()
        torch.cuda.synchronize()
        result["errors"][backward.__name__] = errors(ours)
        result["same_bits"] &= repeated(ours, backward)
    result["ours"] = ours.times(runs)
    for name, backend in beside.items():
        try:
            result[name] = torch_times(backend, qkv, d_context, runs)
        except RuntimeError as e:  # a backend that does not take the shape
            result[name] = str(e).splitlines()[0]
    return result


def is_right(result):
    worst = max(e for found in result["errors"].values() for e in found.values())
    return worst < TOLERANCES[result["products"]] and result["same_bits"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="the first shape only")
    args = parser.parse_args()
    torch.zeros(1, device="cuda")  # makes the context current
    shapes = []
    for s in SHAPES[:1] if args.quick else SHAPES:
        for products in TOLERANCES:
            torch.backends.cuda.matmul.allow_tf32 = products == "tf32"
            shapes.append(measure(s, products, {}, 20, BESIDE[products]))
    variants = [measure(SHAPES[0], "bf16", macros, 20, {}) for macros in VARIANTS]
    right = all(is_right(r) for r in shapes + variants)
    report = {"device": torch.cuda.get_device_name(), "right": right, "shapes": shapes, "variants": variants}
    print(json.dumps(report))
    sys.exit(0 if right else 1)


if __name__ == "__main__":
    main()
