#!/usr/bin/env python3
"""Makes the views of a recorded run by augment.onnx under PyPI's onnxruntime, and compares them with those of the host.

    lejepa record --config R.yaml --target portable --set views.on=device --out DEVICE
    lejepa record --config R.yaml --target portable --set views.on=host --out HOST
    check_views.py DEVICE HOST

Both traces have the same images and draws: one holds crops and draws, the other views. Prints one JSON object
{steps, values, off_by_one, largest}. Exit code 0: no level is off by more than one; 1: some are; 2: bad input.
"""

import argparse
import json
import pathlib
import sys

import numpy as np
import onnxruntime as ort
from safetensors import SafetensorError, safe_open


class BadTrace(Exception):
    """Bad input: which file, what was expected."""


def tensors(path):
    try:
        with safe_open(path, framework="np") as file:
            return {name: file.get_tensor(name) for name in file.keys()}
    except (OSError, SafetensorError) as error:
        raise BadTrace(f"{path}: {error}") from error


def compare(device, host, threads):
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    graph = device / "bundle" / "augment.onnx"
    if not graph.is_file():
        raise BadTrace(f"{graph}: not there")
    session = ort.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    inputs = [value.name for value in session.get_inputs()]
    outputs = [value.name for value in session.get_outputs()]
    steps, histogram = 0, np.zeros(256, np.int64)
    for path in sorted(device.glob("step-*.safetensors")):
        given, expected = tensors(path), tensors(host / path.name)
        missing = [n for n in inputs if n not in given] + [n for n in outputs if n not in expected]
        if missing:
            raise BadTrace(f"{path.name}: lacks {missing[0]}; {device} is a trace of views.on device, {host} of host?")
        for name, made in zip(outputs, session.run(outputs, {n: given[n] for n in inputs})):
            difference = np.abs(made.astype(np.int16) - expected[name].astype(np.int16))
            histogram += np.bincount(difference.reshape(-1), minlength=256)
        steps += 1
    if steps == 0:
        raise BadTrace(f"{device}: no steps recorded")
    return {
        "steps": steps,
        "values": int(histogram.sum()),
        "off_by_one": int(histogram[1]),
        "largest": int(np.flatnonzero(histogram)[-1]),
    }


def main():
    parser = argparse.ArgumentParser(
        description="Compares the views of augment.onnx with those that the host makes.",
        epilog="example: check_views.py out/device out/host",
    )
    parser.add_argument("device", type=pathlib.Path, metavar="DEVICE", help="a trace of a run with views.on device")
    parser.add_argument("host", type=pathlib.Path, metavar="HOST", help="a trace of the same run with views.on host")
    parser.add_argument("--threads", type=int, default=0, help="threads of onnxruntime (default: all cores)")
    args = parser.parse_args()
    try:
        result = compare(args.device, args.host, args.threads)
    except BadTrace as error:
        print(f"check_views.py: {error}", file=sys.stderr)
        return 2
    print(json.dumps(result))
    return 0 if result["largest"] <= 1 else 1


if __name__ == "__main__":
    sys.exit(main())
