#!/usr/bin/env python3
"""Writes cases for `lejepa selfcheck`: what small ConvNets of timm compute in training and in evaluation, with gradients.

    python convnet_cases.py OUT [NAME ...]

Every case is a folder with `case.json` and a .npy file for each tensor: parameters and inputs, and, computed from these
in double precision, logits, last maps, gradients of sum(w * logits), buffers after one pass in training mode, and the
logits in evaluation after it. `f32_max_rel_err` is the error of the same model in single precision.
Then: `./lejepa selfcheck --cases OUT --families 09 --target ort` (and `--target portable`).
"""

import argparse
import json
from pathlib import Path

import numpy as np
import timm
import torch

SMALL = {"layers": [1, 1, 1, 1], "channels": [8, 12, 16, 24], "stem_width": 8, "num_classes": 7}
NARROW = {"depths": [1, 1, 2, 1], "dims": [8, 16, 24, 32], "num_classes": 6}
STAGES = {"depth": 8, "w0": 16, "wa": 20.0, "wm": 2.2, "num_classes": 5}

# name: timm's model, arguments, height, width, images
CASES = {
    "resnet_basic": ("resnet18", SMALL, 64, 64, 4),
    "resnet_wide_image": ("resnet18", SMALL | {"channels": [10, 20, 24, 40]}, 48, 80, 4),
    "resnet_odd_image": ("resnet50d", SMALL | {"layers": [1, 2, 1, 1]}, 75, 61, 4),
    "resnet_deep_tiered": ("resnet26t", SMALL | {"layers": [2, 1, 1, 1]}, 64, 64, 4),
    "resnet_deep": ("resnet50s", SMALL, 64, 64, 4),
    "resnet_gated": ("seresnet50", SMALL | {"channels": [8, 16, 24, 32]}, 64, 64, 4),
    "resnet_channel_attention": ("ecaresnet50d", SMALL | {"channels": [8, 16, 24, 32]}, 64, 64, 4),
    "resnet_grouped": ("resnext50_32x4d", SMALL | {"cardinality": 4, "base_width": 32}, 64, 64, 4),
    "resnet_reduced": (
        "senet154",
        SMALL | {"channels": [8, 16, 24, 32], "cardinality": 4, "base_width": 64},
        64,
        64,
        4,
    ),
    "resnet_averaged": ("resnetaa50d", SMALL, 64, 64, 4),
    "resnet_rescaled": ("resnetrs50", SMALL | {"channels": [8, 16, 24, 32]}, 64, 64, 4),
    "convnext": ("convnext_tiny", NARROW, 64, 96, 2),
    "convnext_convolutions": ("convnext_atto_ols", NARROW, 70, 66, 2),
    "convnext_norm_first": ("convnext_tiny_hnf", NARROW | {"kernel_sizes": [7, 5, 5, 3]}, 64, 64, 2),
    "convnext_hidden": ("convnext_large_mlp", NARROW | {"head_hidden_size": 20}, 64, 64, 2),
    "convnext_v2": ("convnextv2_atto", NARROW, 64, 64, 2),
    "regnet_x": ("regnetx_002", STAGES, 64, 64, 4),
    "regnet_y": ("regnety_002", {"num_classes": 5}, 64, 96, 4),
    "regnet_v": ("regnetv_064", STAGES | {"group_size": 8}, 64, 64, 4),
    "regnet_z": ("regnetz_005", {"num_classes": 5, "num_features": 64}, 64, 64, 4),
    "efficientnet": ("tinynet_e", {"num_classes": 5}, 64, 96, 4),
    "efficientnet_tensorflow": ("tf_efficientnet_b0", {"num_classes": 5}, 65, 96, 4),
    "efficientnet_lite": ("efficientnet_lite0", {"num_classes": 5}, 64, 64, 4),
    "efficientnet_edge": ("efficientnet_es", {"num_classes": 5}, 96, 64, 3),
    "efficientnet_v2": ("tf_efficientnetv2_b0", {"num_classes": 5}, 64, 64, 4),
    "mobilenet_v3_small": ("mobilenetv3_small_050", {"num_classes": 5}, 96, 96, 4),
    "mobilenet_v3_large": ("mobilenetv3_large_075", {"num_classes": 5}, 96, 64, 4),
    "mobilenet_v3_other": ("mobilenetv3_rw", {"num_classes": 5}, 64, 64, 4),
    "mobilenet_v2": ("mobilenetv2_035", {"num_classes": 5}, 64, 64, 4),
    "mobilenet_lc": ("lcnet_035", {"num_classes": 5}, 64, 64, 4),
}


def model(name, arguments):
    made = timm.create_model(name, **{k: tuple(v) if isinstance(v, list) else v for k, v in arguments.items()})
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in made.parameters():
            if parameter.ndim == 1:  # norms, biases and scales, many of which start as constants
                parameter += 0.2 * torch.randn(parameter.shape, generator=generator)
                if parameter.abs().max() < 1e-2:
                    parameter += 0.5
    return made


def compute(made, x, w, dtype):
    """Expected tensors and scalars by name."""
    made = made.to(dtype).train()
    x = x.to(dtype).clone().requires_grad_()
    maps = made.forward_features(x)
    logits = made.forward_head(maps)
    loss = (w.to(dtype) * logits).sum()
    loss.backward()
    tensors = {"logits_train": logits, "forward_features_train": maps, "grad_x": x.grad}
    tensors |= {f"grad/{name}": p.grad for name, p in made.named_parameters()}
    scalars = {"loss": loss}
    for name, buffer in made.named_buffers():
        (tensors if buffer.ndim else scalars)[f"buffer_after1/{name}"] = buffer.clone()
    with torch.no_grad():
        tensors["logits_eval_after1"] = made.eval()(x)
    return {k: v.detach().numpy() for k, v in tensors.items()}, {k: v.item() for k, v in scalars.items()}


def write(folder, name, what, arguments, height, width, images):
    folder.mkdir(parents=True, exist_ok=True)
    generator = torch.Generator().manual_seed(0)
    torch.manual_seed(0)
    made = model(what, arguments)
    start = {k: v.clone() for k, v in made.state_dict().items()}
    x = torch.randn(images, 3, height, width, generator=generator)
    w = torch.randn(images, arguments["num_classes"], generator=generator)
    exact, scalars = compute(made, x, w, torch.float64)
    made.load_state_dict(start)
    for parameter in made.parameters():
        parameter.grad = None
    single, single_scalars = compute(made, x, w, torch.float32)
    scalars["loss.f32"] = single_scalars["loss"]
    entries = []

    def add(tensor_name, role, array, more=None):
        file = tensor_name.replace("/", "_") + ".npy"
        np.save(folder / file, np.ascontiguousarray(array))
        entries.append(
            {"name": tensor_name, "role": role, "file": file, "dtype": str(array.dtype), "shape": list(array.shape)}
            | (more or {})
        )

    add("x", "input", x.numpy())
    add("w", "input", w.numpy())
    for parameter, _ in made.named_parameters():
        add(f"param/{parameter}", "param", start[parameter].numpy())
    for tensor_name, array in exact.items():
        largest = float(np.abs(array).max())
        error = float(np.abs(single[tensor_name] - array).max()) / max(largest, 1e-30)
        zero = {"exact_zero": True} if largest < 1e-9 else {}
        add(tensor_name, "expected", array, {"f32_max_rel_err": error, "max_abs": largest} | zero)
    params = {"model": what, **arguments, "batch": images, "img": [height, width]}
    case = {"name": folder.name, "family": "cnn", "what": f"{what}, made small", "params": params}
    case |= {"scalars": scalars, "tensors": entries}
    (folder / "case.json").write_text(json.dumps(case, indent=1))
    print(f"{folder.name}: {sum(p.numel() for p in made.parameters()):,} parameters")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("names", nargs="*", help=f"cases (default: all of {', '.join(CASES)})")
    given = parser.parse_args()
    for name in given.names or CASES:
        what, arguments, height, width, images = CASES[name]
        write(given.out / f"09_{name}", name, what, arguments, height, width, images)


if __name__ == "__main__":
    main()
