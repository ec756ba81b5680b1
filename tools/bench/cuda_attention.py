#!/usr/bin/env python3
"""Times the CUDA kernels of attention on the device at hand, beside PyTorch's, and checks their numbers.

    python3 tools/bench/cuda_attention.py [--quick] [--device cuda:0]

Needs PyTorch for CUDA; compiles the kernels with NVRTC and launches them through the driver. `--device cpu` tries all of
it on emulated warps, with one small shape. Prints one JSON object: for each shape and kind of products (bfloat16, TF32,
float32) milliseconds of each kernel, of PyTorch's fused attentions, and relative errors (norm of the difference over the
norm) of results and gradients against products in float32, or in float64 for those of floats, by each kernel of the forward
pass that takes the shape and by the backward pass in two kernels and, where a head of bfloat16 fits into a block, in one, on
sm_90 also in one of four warps together; for the first shape also other choices of what a warp computes. The bias of
queries, keys and values is added by the kernels, and its gradient summed up.
"""

import argparse
import json
import re
import sys

import cuda_driver
import torch
from cuda_driver import compile_cuda, distance
from torch.nn import functional
from torch.nn.attention import SDPBackend, sdpa_kernel

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
    (4, 300, 2, 192),
    (4, 300, 2, 250),
    (4, 300, 2, 21),
    (300, 65, 4, 15),
    (300, 65, 2, 32),
    (3, 17, 2, 16),
]

# What keys have in common drops out of the gradient of queries but for what rounding leaves of it: with biases as large as
# queries and keys that is 1/60 in bfloat16, whoever computes.
BIAS = 0.1

EMULATED_SHAPES = [(2, 40, 2, 64)]

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

    def __init__(self, device, products, width, macros):
        self.device = device
        self.together = compile_cuda.is_together(products, device.architecture, width)
        self.ahead = compile_cuda.is_ahead(products, device.architecture, width)
        source = compile_cuda.source_of(products, device.architecture, width).decode()
        for name, value in macros.items():
            source, found = re.subn(rf"#define {name} .*", f"#define {name} {value}", source)
            assert found == 1, name
        self.code = device.code(source, width)

    def launch(self, name, grid, shared, *arguments, threads=128):
        self.code.launch(name, grid, threads, shared, *arguments)


def structure(maps, tensors, sizes):
    """A kernel's argument of maps, addresses and numbers of 64 bits, of a multiple of 64 bytes as it is aligned."""
    words = [*(t.data_ptr() for t in tensors), *sizes]
    content = b"".join([*maps, *(w.to_bytes(8, "little") for w in words)])
    return content.ljust(-(-len(content) // 64) * 64, b"\0")


class Ours:
    """One attention and its buffers."""

    def __init__(self, kernels, products, qkv, bias, d_context):
        n, t, _, h, d = qkv.shape
        device = kernels.device
        self.kernels, self.qkv, self.bias, self.d_context, self.sizes = kernels, qkv, bias, d_context, (t, h)
        strips = -(-t // 16)
        padded = -(-d // 16) * 16
        element = qkv.element_size()
        wide = d > compile_cuda.WIDEST_IN_REGISTERS
        in_registers = products == "bf16" and not wide
        strips_of_warp = 2 if in_registers or d <= 64 else 1
        warps = 2 if wide and products != "bf16" else 4
        self.threads = 32 * warps
        self.kept = 0 if in_registers else warps * strips_of_warp * 16 * padded * element
        self.row = 2 * padded * element
        most = (BLOCK_BYTES - 2 * self.kept) // (16 * (self.row + 8))
        self.chunk = -(-strips // -(-strips // most)) * 16
        whole = self.chunk >= t and n * h >= ENOUGH_BLOCKS
        self.grid = (1 if whole else -(-strips // (warps * strips_of_warp)), h, n)
        self.context = torch.full_like(d_context, torch.nan)
        self.logs = torch.full((n, h, t), torch.nan, device=device.torch)
        self.products = torch.full((n, h, t), torch.nan, device=device.torch)
        self.d_qkv = torch.full_like(qkv, torch.nan)
        self.sums = torch.full((n * self.grid[0], 3 * h * d), torch.nan, device=device.torch)
        self.d_bias = torch.full((3 * h * d,), torch.nan, device=device.torch)
        side_by_side = 2 if padded <= 96 else 1
        self.head_threads = 32 * min(HEAD_WARPS, -(-strips // side_by_side))
        self.head_bytes = strips * 16 * (8 * padded + 2 * HEAD_QUERIES + 8) + HEAD_QUERIES // 16 * 4 * padded
        fits = in_registers and strips <= HEAD_WARPS * (3 if d <= 64 else side_by_side)
        fits = fits and self.head_bytes <= device.shared_bytes
        self.backwards = [self.two_kernels, self.one_kernel] if fits else [self.two_kernels]
        self.forwards = [self.forward_by_warps]
        if kernels.together:
            self.forwards.append(self.forward_together)
        if kernels.ahead:
            self.place_ahead(device)

    def place_ahead(self, device):
        """Finds the places that heads have in a block's shared memory, if they fit there."""
        n, t, _, h, d = self.qkv.shape
        over = t % 64
        wide = t > 64 and 0 < over <= 16
        self.rows = t - over + 16 if wide else -(-t // 64) * 64
        if self.rows > 512:
            return
        self.tiles = -(-t // 64)
        self.blocks = min(device.processors, n * h)
        most = device.shared_bytes
        copied = self.rows if self.rows <= 256 else self.rows // 2
        sizes = n, t, h, self.rows, copied
        qkv_map = device.tensor_map(self.qkv.view(n, t, -1), copied)
        stages = min(4, (most - 1024 - 12 * 8) // (3 * self.rows * 2 * d))
        if stages > 0:
            self.ahead_bytes = 1024 + stages * 3 * self.rows * 2 * d + 12 * 8
            self.ahead_arguments = structure([qkv_map], (self.bias, self.context, self.logs), (*sizes, stages))
            self.forwards.append(self.forward_ahead)
        for queries, keys in TOGETHER_STAGES:
            numbers = queries * 2 * self.rows * 4
            self.together_bytes = 1024 + (queries + keys) * 2 * self.rows * 2 * d + numbers + 16 * d * 4 + 20 * 8
            if self.together_bytes <= most:
                self.together_sums = torch.full((n * self.tiles, 3 * h * d), torch.nan, device=device.torch)
                maps = qkv_map, device.tensor_map(self.d_context.view(n, t, -1), copied)
                tensors = self.bias, self.context, self.logs, self.d_qkv, self.together_sums
                self.together_arguments = structure(maps, tensors, (*sizes, queries, keys))
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
        grid, name = (self.blocks, 1, 1), "attention_head_together"
        self.kernels.launch(name, grid, self.together_bytes, self.together_arguments, threads=384)

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
        grid, name = (self.blocks, 1, 1), "attention_forward_together"
        self.kernels.launch(name, grid, self.ahead_bytes, self.ahead_arguments, threads=512)

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
            threads=self.threads,
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
            threads=self.threads,
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
            threads=self.threads,
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
        device = self.kernels.device
        return {name: round(device.milliseconds(kernel, runs), 4) for name, kernel in self.kernels_in_order().items()}


def parts(qkv):
    return [x.transpose(1, 2).detach().requires_grad_() for x in qkv.unbind(2)]


def torch_times(device, backend, qkv, d_context, runs):
    q, k, v = parts(qkv)
    with sdpa_kernel(backend):
        out = functional.scaled_dot_product_attention(q, k, v)
        d_out = d_context.transpose(1, 2)
        forward = device.milliseconds(lambda: functional.scaled_dot_product_attention(q, k, v), runs)
        backward = device.milliseconds(lambda: torch.autograd.grad(out, (q, k, v), d_out, retain_graph=True), runs)
    return {"forward_ms": round(forward, 4), "backward_ms": round(backward, 4)}


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


def measure(device, shape, products, macros, runs, beside):
    torch.manual_seed(5)
    n, t, h, d = shape
    dtype = torch.bfloat16 if products == "bf16" else torch.float32
    qkv = torch.randn(n, t, 3, h, d, device=device.torch, dtype=dtype)
    d_context = torch.randn(n, t, h, d, device=device.torch, dtype=dtype)
    bias = BIAS * torch.randn(3 * h * d, device=device.torch)
    ours = Ours(Kernels(device, products, d, macros), products, qkv, bias, d_context)
    result = {"shape": shape, "products": products, "macros": macros, "errors": {}, "same_bits": True}
    for forward in ours.forwards:  # the last is what backward passes read
        ours.context.fill_(torch.nan)
        ours.logs.fill_(torch.nan)
        forward()
        result["errors"][forward.__name__] = forward_errors(ours)
    for backward in ours.backwards:
        ours.d_qkv.fill_(torch.nan)
        backward()
        device.wait()
        result["errors"][backward.__name__] = errors(ours)
        result["same_bits"] &= repeated(ours, backward)
    result["ours"] = ours.times(runs)
    for name, backend in beside.items():
        try:
            result[name] = torch_times(device, backend, qkv, d_context, runs)
        except RuntimeError as e:  # a backend that does not take the shape
            result[name] = str(e).splitlines()[0]
    return result


def is_right(result):
    bound = TOLERANCES[result["products"]]  # which nothing is less than that is not a number
    return result["same_bits"] and all(e < bound for found in result["errors"].values() for e in found.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="the first shape only")
    parser.add_argument("--device", default="cuda:0", help="cpu: emulated warps and one small shape")
    args = parser.parse_args()
    device = cuda_driver.device(args.device)
    emulated = device.torch == "cpu"
    shapes = EMULATED_SHAPES if emulated else SHAPES[:1] if args.quick else SHAPES
    results = []
    for s in shapes:
        for products in TOLERANCES:
            torch.backends.cuda.matmul.allow_tf32 = products == "tf32"
            results.append(measure(device, s, products, {}, 20, {} if emulated else BESIDE[products]))
    variants = [measure(device, shapes[0], "bf16", macros, 20, {}) for macros in VARIANTS]
    right = all(is_right(r) for r in results + variants)
    print(json.dumps({"device": device.name, "right": right, "shapes": results, "variants": variants}))
    sys.exit(0 if right else 1)


if __name__ == "__main__":
    main()
