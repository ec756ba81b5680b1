#!/usr/bin/env python3
"""Counts what torch.compile's step of `torch_step.py` moves on a CUDA device, without one: kernels, bytes, operations.

The step is traced on tensors without memory on a device that does nothing (`idle_device.c`), and Inductor compiles both
graphs up to the point where its scheduler has fused everything; no kernel is compiled. Each of the scheduler's nodes is a
kernel, and its bytes are Inductor's own count (every buffer read or written once, what is fused away not at all). Two
sums in different directions, which it puts into one kernel, take another one that adds up the parts.

Library calls read operands and write results once; a product's bias is added in its epilogue. Attention's backward pass
is counted as flash attention's kernels are written: one multiplies contexts and their gradients, one adds gradients of
queries up in float32, one rounds these. AdamW is the fused one, which reads four tensors and writes three; launches by
its limits of tensors and chunks.

Prints one JSON object: `classes` with [launches, bytes, operations in bf16, operations in fp32, seconds] of each.
"""

import argparse
import json
import math
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import types
from unittest import mock

HERE = pathlib.Path(__file__).resolve().parent
READY = "LEJEPA_IDLE_DEVICE"

# PyTorch, aten/src/ATen/native/cuda/MultiTensorApply.cuh: of lists of four tensors
ADAM_TENSORS, ADAM_BLOCKS, ADAM_CHUNK = 36, 320, 65536
ADAM_BYTES = 28


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="vit_small_patch8_224")
    parser.add_argument("--image", type=int, default=128)
    parser.add_argument("--patch", type=int, default=8)
    parser.add_argument("--images", type=int, default=256)
    parser.add_argument("--views", type=int, default=4)
    parser.add_argument("--device", default="791.2,4320,2", metavar="TFLOPS,GB_PER_S,US_PER_LAUNCH")
    parser.add_argument("--kernels", action="store_true", help="prints every kernel to standard error")
    return parser.parse_args()


def restart():
    """This program once more, with the idle device in place of CUDA's."""
    with tempfile.TemporaryDirectory() as folder:
        library = f"{folder}/libcuda.so.1"
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, str(HERE / "idle_device.c")], check=True)
        paths = [folder, *filter(None, [os.environ.get("LD_LIBRARY_PATH")])]
        env = os.environ | {READY: "1", "LD_PRELOAD": library, "LD_LIBRARY_PATH": ":".join(paths)}
        return subprocess.run([sys.executable, *sys.argv], env=env, check=False).returncode


def pretend():
    """Answers in Python what would ask the driver."""
    import torch
    import triton
    from torch._dynamo.device_interface import CudaInterface
    from triton.backends.compiler import GPUTarget

    properties = types.SimpleNamespace(
        name="idle",
        major=9,
        minor=0,
        multi_processor_count=132,
        total_memory=140 << 30,
        regs_per_multiprocessor=65536,
        max_threads_per_multi_processor=2048,
        max_threads_per_block=1024,
        warp_size=32,
        L2_cache_size=50 << 20,
        shared_memory_per_block=48 << 10,
        shared_memory_per_block_optin=227 << 10,
        shared_memory_per_multiprocessor=228 << 10,
        gcnArchName="",
    )
    answers = {
        "is_available": True,
        "device_count": 1,
        "current_device": 0,
        "set_device": None,
        "get_device_capability": (9, 0),
        "get_device_properties": properties,
        "is_initialized": False,
        "is_current_stream_capturing": False,
        "get_rng_state": torch.zeros(16, dtype=torch.uint8),
        "set_rng_state": None,
        "_lazy_init": None,
    }
    for name, answer in answers.items():
        mock.patch.object(torch.cuda, name, lambda *_, a=answer: a).start()
    mock.patch.object(torch.accelerator, "is_available", lambda: False).start()
    mock.patch.object(torch.accelerator, "current_device_index", lambda: 0).start()
    for name, answer in {
        "get_device_properties": properties,
        "get_compute_capability": 90,
        "is_available": True,
        "device_count": 1,
        "current_device": 0,
        "raise_if_triton_unavailable": None,
    }.items():
        setattr(CudaInterface, name, staticmethod(lambda *_, a=answer: a))
    CudaInterface.Worker.get_device_properties = staticmethod(lambda *_: properties)
    limits = {"max_shared_mem": 227 << 10, "max_num_regs": 65536, "multiprocessor_count": 132, "warpSize": 32}
    driver = mock.Mock()
    driver.utils.get_device_properties = lambda _: limits
    driver.get_current_target = lambda: GPUTarget("cuda", 90, 32)
    driver.get_current_device = lambda: 0
    triton.runtime.driver.set_active(driver)


def elements(sizes):
    return math.prod(int(s) for s in sizes)


class Counted(Exception):
    """Everything is fused; nothing is to be compiled."""


class Count:
    def __init__(self, device, verbose):
        tflops, gigabytes, micros = (float(x) for x in device.split(","))
        self.speed = (tflops * 1e12, gigabytes * 1e9, micros * 1e-6)
        self.verbose = verbose
        self.classes = {}

    def add(self, kind, launches, moved, bf16=0.0, fp32=0.0):
        products, memory, launch = self.speed
        seconds = max((bf16 + 2 * fp32) / products, moved / memory) + launches * launch
        row = self.classes.setdefault(kind, [0, 0, 0.0, 0.0, 0.0])
        for i, x in enumerate((launches, moved, bf16, fp32, seconds)):
            row[i] += x

    def scheduled(self, nodes):
        from torch._inductor import scheduler

        for node in nodes:
            if isinstance(node, scheduler.NopKernelSchedulerNode):
                continue
            moved = node.get_read_write_buffers_sizes()
            if self.verbose:
                print(f"{moved / 1e6:10.1f} MB {type(node).__name__} {node.get_name()}", file=sys.stderr)
            if isinstance(node, scheduler.ExternKernelSchedulerNode):
                self.library(node, moved)
            else:
                mixed = isinstance(node, scheduler.FusedMixOrderReductions)
                adding = sum(n.is_reduction() for n in node.node2.get_nodes()) if mixed else 0
                self.add("fused", 1 + adding, moved)

    def library(self, node, moved):
        import torch
        from torch._inductor import ir

        if isinstance(node.node, ir.MultiOutput):
            return
        name = str(getattr(node.node, "op_overload", None) or node.node.python_kernel_name)
        inputs = [i for i in node.node.inputs if hasattr(i, "get_size")]
        if "attention" in name:
            self.attention(moved, inputs["backward" in name].get_size(), "backward" in name)
        elif "convolution" in name:
            self.add("convolutions", 1, moved, bf16=node.estimate_flops() or 0)
        elif re.search(r"\b(addmm|baddbmm|bmm|mm)\b", name):
            flops = 2 * elements(node.node.get_size()) * int(inputs[-2].get_size()[-1])
            half = node.node.get_dtype() == torch.bfloat16
            self.add("products", 1, moved, **{"bf16" if half else "fp32": flops})
        else:
            self.add("other", 1, moved)

    def attention(self, moved, query, backward):
        """`query`: sizes `[N, H, T, width]`."""
        part = 2 * elements(query)
        product = 2 * elements(query) * int(query[2])
        if backward:
            # Beside what is counted the kernels read gradients of contexts again, and write and read sums of gradients
            # of queries in float32. Five products: scores, gradients of weights, of queries, keys and values.
            self.add("attention", 3, moved + part * (1 + 2 + 2), bf16=5 * product)
        else:
            self.add("attention", 1, moved, bf16=2 * product)

    def adam(self, groups):
        for group in groups:
            tensors = blocks = launches = 0
            for p in group["params"]:
                tensors += 1
                for chunk in range(-(-p.numel() // ADAM_CHUNK)):
                    blocks += 1
                    last = chunk == -(-p.numel() // ADAM_CHUNK) - 1
                    if blocks == ADAM_BLOCKS or tensors == ADAM_TENSORS and last:
                        launches += 1
                        blocks = 0
                        tensors = 0 if last else 1
            launches += blocks > 0
            moved = ADAM_BYTES * sum(p.numel() for p in group["params"])
            self.add("optimizer", launches + -(-len(group["params"]) // 110), moved)  # and one that counts the steps


def count(args):
    import torch
    import torch._inductor.compile_fx as compile_fx
    from torch._inductor import config
    from torch._inductor.fx_passes import fuse_attention, misc_patterns, pad_mm
    from torch._inductor.graph import GraphLowering

    # Passes that compute on the device: timm calls attention itself, sizes are multiples of 8 but for the probe's.
    for module, name in ((fuse_attention, "_sfdp_init"), (pad_mm, "_pad_mm_init"), (misc_patterns, "_misc_patterns_init")):
        setattr(module, name, lambda *_: None)
    config.shape_padding = False
    config.joint_graph_constant_folding = False
    config.fx_graph_cache = False
    torch._functorch.config.enable_autograd_cache = False

    counts = Count(args.device, args.kernels)

    def stop(graph):
        graph.init_wrapper_code()
        graph._update_scheduler()
        counts.scheduled(graph.scheduler.nodes)
        raise Counted

    GraphLowering._compile_to_module = stop
    compile_inner = compile_fx.compile_fx_inner

    def inner(gm, inputs, **kwargs):
        try:
            compile_inner(gm, inputs, **kwargs)
        except Exception as e:
            while e is not None and not isinstance(e, Counted):
                e = e.__cause__ or e.__context__ or getattr(e, "inner_exception", None)
            if e is None:
                raise
        (output,) = (n for n in gm.graph.nodes if n.op == "output")

        def empty(node):
            value = node.meta["val"] if isinstance(node, torch.fx.Node) else node
            if not isinstance(value, torch.Tensor):
                return value
            size, stride = (tuple(map(int, x)) for x in (value.shape, value.stride()))
            return torch.empty_strided(size, stride, dtype=value.dtype, device=value.device)

        def run(_):
            return [empty(node) for node in output.args[0]]

        run._boxed_call = True
        return run

    run_step(args, counts, lambda gm, inputs: compile_fx.compile_fx(gm, inputs, inner_compile=inner))
    return counts.classes


def run_step(args, counts, backend):
    sys.path.insert(0, str(HERE.parent / "interop"))
    import torch
    from reference.model import Network
    from torch._subclasses.fake_tensor import FakeTensorMode

    import torch_step

    torch.set_float32_matmul_precision("high")
    sizes = argparse.Namespace(**vars(args), local_views=0, local_image=96)
    recipe = torch_step.program(sizes)
    network = Network(recipe, torch_step.CLASSES)
    with FakeTensorMode():
        for module in network.modules():
            for name, p in module._parameters.items():
                if p is not None:
                    module._parameters[name] = torch.nn.Parameter(torch.empty(p.shape, device="cuda"))
            for name, b in module._buffers.items():
                if b is not None:
                    module._buffers[name] = torch.empty(b.shape, dtype=b.dtype, device="cuda")
        crops = torch.empty(args.images, args.views, 3, args.image, args.image, device="cuda")
        labels = torch.empty(args.images, dtype=torch.int64, device="cuda")
        directions = torch.empty(16, recipe["loss"]["slices"], device="cuda")
        forward = torch.compile(network, backend=backend)
        losses = forward((crops, None), labels, directions, lambda: torch.autocast("cuda", torch.bfloat16))
        (losses["loss"] + losses["probe_loss"]).backward()
    counts.adam(network.groups(recipe))


def main():
    args = arguments()
    if READY not in os.environ:
        sys.exit(restart())
    os.environ["LD_PRELOAD"] = ""
    pretend()
    print(json.dumps({"classes": count(args)}))


if __name__ == "__main__":
    main()
