#!/usr/bin/env python3
"""Times forward + backward + optimizer of LeJEPA in PyTorch: the program that `lejepa bench step` times.

Prints one JSON object: step_ms_min, step_ms_median, peak_rss_bytes, peak_device_bytes (what PyTorch took of the device).
On a CUDA device the batches lie there from the beginning: no step waits for a copy.
"""

import argparse
import contextlib
import json
import os
import pathlib
import platform
import resource
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "interop"))

CLASSES = 10
BATCHES = 4  # different image batches, taken in turn
WARMUP_MS = 4e3  # as the other side


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="vit_small_patch8_224")
    parser.add_argument("--image", type=int, default=128, metavar="PX")
    parser.add_argument("--patch", type=int, default=8, help="of ViTs; ConvNets have none and run in channels_last")
    parser.add_argument("--images", type=int, default=4, metavar="N")
    parser.add_argument("--views", type=int, default=4, metavar="V")
    parser.add_argument("--local-views", type=int, default=0, metavar="L")
    parser.add_argument("--local-image", type=int, default=96, metavar="PX")
    parser.add_argument("--precision", choices=("fp32", "bf16"), default="fp32")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=10, help="timed steps, after those to warm up")
    parser.add_argument("--warmup", type=int, default=2, help="steps before them, which last 4 seconds at least")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--tf32", action="store_true", help="TF32 in float32 products")
    parser.add_argument("--compile", action="store_true", help="torch.compile instead of eager")
    return parser.parse_args()


def program(args):
    """The recipe of `bench step`: MINIMAL's projector and loss, a 10-class probe, drop-path 0.1."""
    from reference import recipe

    return recipe.load(
        None,
        [
            f"model.backbone={{name: {args.model}, img_size: {args.image}, patch_size: {args.patch}}}",
            f"views.global={{count: {args.views}, size: {args.image}}}",
            f"views.local={{count: {args.local_views}, size: {args.local_image}}}",
            "model.projector={hidden: [2048, 2048], out: 16}",
            "loss={dialect: minimal, lambda: 0.02, slices: 256, knots: 17}",
        ],
    )


def time_steps(args):
    import torch

    from reference.losses import draw_directions
    from reference.model import Network

    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    on_device = torch.device(args.device).type != "cpu"
    if args.tf32:
        torch.set_float32_matmul_precision("high")
    recipe = program(args)
    network = Network(recipe, CLASSES).to(args.device)
    optimizer = torch.optim.AdamW(network.groups(recipe), lr=1e-3, fused=on_device)
    forward = torch.compile(network) if args.compile else network

    def autocast():
        if args.precision == "fp32":
            return contextlib.nullcontext()
        return torch.autocast(torch.device(args.device).type, torch.bfloat16)

    def crops(views, size):
        shape = (args.images, views, 3, size, size)
        return torch.randn(shape, device=args.device) if views else None

    batches = [
        (
            crops(args.views, args.image),
            crops(args.local_views, args.local_image),
            torch.randint(CLASSES, (args.images,), device=args.device),
        )
        for _ in range(BATCHES)
    ]
    times, losses = [], []
    warm = 0
    while len(times) < warm + args.steps:
        start = time.perf_counter()
        *views, labels = (None if part is None else part.clone() for part in batches[len(times) % BATCHES])
        directions = draw_directions(16, recipe["loss"]["slices"], device=args.device)
        losses_now = forward(tuple(views), labels, directions, autocast)
        optimizer.zero_grad(set_to_none=True)
        (losses_now["loss"] + losses_now["probe_loss"]).backward()
        optimizer.step()
        losses.append(losses_now["loss"].item())  # waits for the device
        times.append((time.perf_counter() - start) * 1e3)
        if len(times) < args.warmup or sum(times[:-1]) < WARMUP_MS:
            warm = len(times)
    timed = times[warm:]
    return {
        "step_ms_min": round(min(timed), 2),
        "step_ms_median": round(statistics.median(timed), 2),
        "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "peak_device_bytes": torch.cuda.max_memory_reserved() if on_device else 0,
        "loss": losses[-1],
        "torch": torch.__version__,
        "machine": f"{platform.machine()}, {os.cpu_count()} CPUs",
    }


def main():
    args = arguments()
    # Read when libgomp and MKL are loaded, so before the first import of torch.
    os.environ.setdefault("OMP_NUM_THREADS", str(args.threads))
    print(json.dumps(vars(args) | time_steps(args)))


if __name__ == "__main__":
    main()
