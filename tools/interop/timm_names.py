#!/usr/bin/env python3
"""Compares the built-in models with timm's of the same names: parameters and buffers by name and shape, counts, width.

    timm_names.py [PATTERN] [--lejepa PATH]
    timm_names.py --counts > graphs/src/test/resources/dev/lejepa/graphs/models/counts.txt

With --counts it prints what timm says instead, a line `NAME PARAMETERS TENSORS WIDTH IMAGE` for each. Models are made without memory (torch's meta device). Prints one
JSON object {models, different: [...]}. Exit code 0: all equal; 1: some differ.
"""

import argparse
import json
import pathlib
import subprocess
import sys

import timm
import torch

LAUNCHER = pathlib.Path(__file__).resolve().parents[2] / "lejepa"


def ours(launcher, pattern):
    done = subprocess.run(
        [str(launcher), "models", pattern, "--tensors", "--json"], stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])["models"]


def difference(model):
    """What is not as in timm, in words; empty where all is."""
    with torch.device("meta"):
        theirs = timm.create_model(model["name"])
    expected = {name: list(tensor.shape) for name, tensor in theirs.state_dict().items()}
    found = {t["name"]: t["shape"] for t in model["tensors"]}
    faults = []
    for name in expected.keys() | found.keys():
        if expected.get(name) != found.get(name):
            faults.append(f"{name} is {found.get(name)}, timm's {expected.get(name)}")
    trained = {name for name, _ in theirs.named_parameters()}
    roles = {t["name"] for t in model["tensors"] if t["role"] == "parameter"}
    if trained != roles:
        faults.append(f"trained here or there alone: {sorted(trained ^ roles)[:5]}")
    count = sum(p.numel() for p in theirs.parameters())
    if count != model["parameters"]:
        faults.append(f"{model['parameters']} parameters, timm's {count}")
    if theirs.head_hidden_size != model["width"]:
        faults.append(f"width {model['width']}, timm's {theirs.head_hidden_size}")
    return "; ".join(sorted(faults)[:5])


def counts(name):
    with torch.device("meta"):
        model = timm.create_model(name)
    parameters = sum(p.numel() for p in model.parameters())
    image = model.pretrained_cfg["input_size"][-1]
    return f"{name} {parameters} {len(model.state_dict())} {model.head_hidden_size} {image}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pattern", nargs="?", default="*")
    parser.add_argument("--lejepa", type=pathlib.Path, default=LAUNCHER)
    parser.add_argument("--counts", action="store_true")
    given = parser.parse_args()
    models = ours(given.lejepa, given.pattern)
    if given.counts:
        for model in models:
            print(counts(model["name"]))
        return 0
    different = []
    for model in models:
        words = difference(model)
        if words:
            different.append(model["name"])
            print(f"{model['name']}: {words}", file=sys.stderr)
    print(json.dumps({"models": len(models), "different": different}))
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
