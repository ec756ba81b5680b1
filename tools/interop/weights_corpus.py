#!/usr/bin/env python3
"""Writes small files of weights in every form that is read, as torch and NumPy write them, and some that must be refused.

    weights_corpus.py OUT

OUT gets the files, OUT/expected.tsv (file, dotted name of a tensor, shape, its elements as float32) and OUT/refused.tsv
(file, a word that the message must hold). WeightsFileTest reads a copy of all of it, which is kept with the code:

    weights_corpus.py graphs/src/test/resources/dev/lejepa/graphs/weights
"""
import argparse
import collections
import json
import os
import pathlib
import pickle

import numpy as np
import torch
from safetensors.torch import save_file


def tensors():
    """Views of every kind: shared storages, offsets, steps, transposes, stretched dimensions."""
    base = torch.arange(24, dtype=torch.float32).reshape(4, 6) / 8 - 1
    return collections.OrderedDict([
        ("plain", base),
        ("transposed", base.t()),
        ("columns", base[:, 1:5:2]),
        ("last", base[3]),
        ("stretched", base[0, :1].expand(3, 1)),
        ("scalar", torch.tensor(2.5)),
        ("empty", torch.zeros(0, 3)),
        ("parameter", torch.nn.Parameter(base[:2, :2].clone())),
        ("half", torch.tensor([1.5, -2.25, 65504.0, 6e-8], dtype=torch.float16)),
        ("brain", torch.tensor([1.5, -2.25, 3e38, 1e-40], dtype=torch.bfloat16)),
        ("double", torch.tensor([0.1, 1 / 3, 1e300], dtype=torch.float64)),
        ("counter", torch.tensor(1234567891011, dtype=torch.int64)),
        ("int", torch.tensor([-7, 1 << 30], dtype=torch.int32)),
        ("short", torch.tensor([-300, 300], dtype=torch.int16)),
        ("char", torch.tensor([-128, 127], dtype=torch.int8)),
        ("byte", torch.tensor([0, 255], dtype=torch.uint8)),
        ("bool", torch.tensor([True, False])),
    ])


def eighths():
    """Floats of eight bits: every pattern that is a number."""
    bits = torch.arange(256, dtype=torch.int32).to(torch.uint8)
    out = {}
    for name, kind in (("e4m3", torch.float8_e4m3fn), ("e5m2", torch.float8_e5m2)):
        values = bits.view(kind)
        out[name] = values[torch.isfinite(values.float())]
    return out


def checkpoint():
    """What a training script leaves: weights among numbers, arguments and the optimizer's states."""
    model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
    with torch.no_grad():
        for index, parameter in enumerate(model.parameters()):
            parameter.copy_(torch.arange(parameter.numel()).reshape(parameter.shape) + index * 10)
    optimizer = torch.optim.AdamW(model.parameters())
    model(torch.ones(4, 3)).sum().backward()
    optimizer.step()
    with torch.no_grad():
        for index, parameter in enumerate(model.parameters()):
            parameter.copy_(torch.arange(parameter.numel()).reshape(parameter.shape) + index * 10)
        model[1].running_mean.copy_(torch.tensor([0.5, 0.25]))
        model[1].running_var.copy_(torch.tensor([1.5, 1.25]))
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "epoch": 3,
        "best": np.float64(0.75),
        "accuracy": np.array([0.5]),
        "args": argparse.Namespace(lr=1e-3, out=pathlib.PurePosixPath("/tmp")),
        "names": {"a", "b"},
        "device": torch.device("cpu"),
        "dtype": torch.float32,
        "counts": collections.defaultdict(int, {"x": 1}),
    }


class Call:
    """Pickles as a call of a function."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


def flat(prefix, value, out):
    if isinstance(value, torch.Tensor):
        out[prefix] = value.detach()
    elif isinstance(value, dict):
        for key, item in value.items():
            flat(f"{prefix}.{key}" if prefix else str(key), item, out)
    return out


def write_numpy(out):
    a = np.arange(12, dtype=np.float32).reshape(3, 4)
    arrays = {
        "block/kernel": a,
        "block/columns": np.asfortranarray(a),
        "big": a.astype(">f4"),
        "half": a.astype(np.float16),
        "long": np.array([1, -2], np.int64),
        "scalar": np.array(4.5),
    }
    np.savez(out / "stored.npz", **arrays)
    np.savez_compressed(out / "deflated.npz", **arrays)
    torch_arrays = {k: torch.from_numpy(np.ascontiguousarray(v.astype(v.dtype.newbyteorder("=")))) for k, v in arrays.items()}
    torch_arrays["scalar"] = torch.tensor(4.5)
    np.savez(out / "objects.npz", x=np.array([{}, None], dtype=object))
    return {"stored.npz": torch_arrays, "deflated.npz": torch_arrays}


def write_refused(out):
    harmless = {"model": {"w": torch.ones(2)}}
    refused = {
        "system.pth": ("posix.system", dict(harmless, note=Call(os.system, "touch /tmp/lejepa-was-here"))),
        "eval.pth": ("builtins.eval", {"model": {"w": Call(eval, "1 + 1")}}),
        "module.pth": ("torch.nn.modules.linear.Linear", torch.nn.Linear(2, 2)),
        "tensor.pth": ("without a name", torch.ones(2)),
        "storage.pth": ("torch.storage._load_from_bytes", {"w": Call(torch.storage._load_from_bytes, b"x")}),
    }
    rows = []
    for name, (word, value) in refused.items():
        torch.save(value, out / name)
        rows.append((name, word))
    torch.save({"w": Call(os.system, "true")}, out / "system-old.pth", _use_new_zipfile_serialization=False)
    rows.append(("system-old.pth", "posix.system"))
    torch.save({"w": Call(eval, "1")}, out / "eval-4.pth", pickle_protocol=4)
    rows.append(("eval-4.pth", "builtins.eval"))
    rows.append(("objects.npz", "pickled Python objects"))
    plain = out / "plain.pkl"
    plain.write_bytes(pickle.dumps({"w": 1}))
    rows.append(("plain.pkl", "safetensors"))
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    expected = {}
    for name, value in (("views", tensors()), ("checkpoint", checkpoint()), ("eighths", eighths())):
        torch.save(value, out / f"{name}.pth")
        expected[f"{name}.pth"] = flat("", value, {})
    torch.save(tensors(), out / "views-old.pt", _use_new_zipfile_serialization=False)
    expected["views-old.pt"] = expected["views.pth"]
    torch.save(checkpoint(), out / "checkpoint-4.bin", pickle_protocol=4)
    expected["checkpoint-4.bin"] = expected["checkpoint.pth"]
    save_file({k: v.detach().contiguous().clone() for k, v in tensors().items()}, out / "views.safetensors")
    expected["views.safetensors"] = expected["views.pth"]
    expected.update(write_numpy(out))
    with open(out / "expected.tsv", "w", encoding="utf-8") as file:
        for name, values in expected.items():
            for key, value in values.items():
                numbers = value.float().flatten().tolist()
                print(name, key, json.dumps(list(value.shape)), " ".join(map(repr, numbers)), sep="\t", file=file)
    refused = write_refused(out)
    with open(out / "refused.tsv", "w", encoding="utf-8") as file:
        for row in refused:
            print(*row, sep="\t", file=file)
    print(json.dumps({"files": len(expected) + len(refused), "tensors": sum(map(len, expected.values()))}))


if __name__ == "__main__":
    main()
