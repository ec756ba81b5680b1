#!/usr/bin/env python3
"""Trains a recorded run again with nothing but its bundle, the inputs it recorded and PyPI's onnxruntime.

    replay.py TRACE

Starts from TRACE/bundle/init.safetensors, feeds TRACE/step-NNNNNN.safetensors (every input that is not a state),
carries the states through the stages, and compares `loss` with TRACE/outputs.jsonl. Prints one JSON object
{steps, max_rel_diff}. Exit code 0: the losses agree; 1: they do not; 2: the trace cannot be replayed.
"""

import argparse
import json
import math
import pathlib
import sys

import ml_dtypes
import numpy as np
import onnxruntime as ort
from safetensors import SafetensorError, safe_open

DTYPES = {
    "float32": np.float32, "float64": np.float64, "float16": np.float16, "bfloat16": ml_dtypes.bfloat16,
    "int64": np.int64, "int32": np.int32, "uint8": np.uint8, "bool": np.bool_,
}  # fmt: skip


class BadTrace(Exception):
    """Bad input: which file and tensor, what was found, what was expected."""


class Stage:
    """One graph of the bundle, and what the manifest says of its inputs and outputs."""

    def __init__(self, bundle, entry, options):
        self.name, self.inputs, self.outputs = entry["name"], entry["inputs"], entry["outputs"]
        path = bundle / entry["graph"]
        if not path.is_file():
            raise BadTrace(f"{path}: not there, but stage {self.name} of the manifest names it")
        try:
            self.session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's exception types are not public
            raise BadTrace(f"{path}: onnxruntime {ort.__version__} refuses it: {_first_line(error)}") from error
        self._compare_names(path)

    def _compare_names(self, path):
        graph = {value.name for value in self.session.get_inputs()}
        manifest = {entry["name"] for entry in self.inputs}
        if graph != manifest:
            raise BadTrace(f"{path}: inputs differ from the manifest's: {sorted(graph ^ manifest)}")
        missing = {e["name"] for e in self.outputs} - {value.name for value in self.session.get_outputs()}
        if missing:
            raise BadTrace(f"{path}: the manifest names outputs that the graph lacks: {sorted(missing)}")

    def run(self, states, recorded, where):
        """Runs once, updates `states`, returns the metrics."""
        feeds = {entry["name"]: self._feed(entry, states, recorded, where) for entry in self.inputs}
        names = [entry["name"] for entry in self.outputs]
        try:
            values = self.session.run(names, feeds)
        except Exception as error:  # onnxruntime's exception types are not public
            raise BadTrace(f"{where}: stage {self.name}: {_first_line(error)}") from error
        metrics = {}
        for entry, value in zip(self.outputs, values):
            if entry["is"] == "views":
                recorded[entry["name"]] = value  # what later stages read under this name
            elif entry["is"] == "metric":
                metrics[entry["name"]] = float(np.asarray(value, np.float64).reshape(-1)[0])
            elif entry["mode"] == "accumulate":
                states[entry["state"]] = states[entry["state"]] + value
            else:
                states[entry["state"]] = value
        return metrics

    def _feed(self, entry, states, recorded, where):
        name = entry["name"]
        if entry["is"] == "state":
            return states[entry["state"]]
        if name not in recorded:
            raise BadTrace(f"{where}: lacks {name}, the {entry['is']} input of stage {self.name}")
        value = recorded[name]
        if entry.get("dtype") and value.dtype != DTYPES[entry["dtype"]]:
            raise BadTrace(f"{where}: {name} is {value.dtype}, expected {entry['dtype']}")
        return value


def initial_states(bundle, manifest):
    """Every state of the manifest: from init.safetensors, or zeros for what begins at zero."""
    path = bundle / "init.safetensors"
    initial, states = read_tensors(path), {}
    for entry in manifest["states"]:
        name, shape, dtype = entry["name"], tuple(entry["shape"]), DTYPES[entry["dtype"]]
        value = initial.get(name)
        if value is None:
            if entry["role"] in ("parameter", "buffer"):
                raise BadTrace(f"{path}: lacks {entry['role']} {name} {list(shape)}")
            value = np.zeros(shape, dtype)
        if value.shape != shape or value.dtype != dtype:
            raise BadTrace(
                f"{path}: {name} is {value.dtype} {list(value.shape)}, expected {entry['dtype']} {list(shape)}"
            )
        states[name] = value
    return states


def clear_gradients(manifest, states):
    """A step begins with zero gradients; only `accumulate` outputs can tell."""
    for entry in manifest["states"]:
        if entry["role"] == "gradient":
            states[entry["name"]] = np.zeros(entry["shape"], DTYPES[entry["dtype"]])


def read_tensors(path):
    try:
        with safe_open(path, framework="np") as file:
            return {name: file.get_tensor(name) for name in file.keys()}
    except (OSError, SafetensorError) as error:
        raise BadTrace(f"{path}: {_first_line(error)}") from error


def read_json(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadTrace(f"{path}: {_first_line(error)}") from error


def read_outputs(path):
    """The recorded metrics of every step, in order."""
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise BadTrace(f"{path}: {_first_line(error)}") from error
    for line, record in enumerate(lines, 1):
        if record.get("step", line) != line or "loss" not in record:
            raise BadTrace(f"{path}, line {line}: found {json.dumps(record)[:120]}, expected step {line} with a loss")
    if not lines:
        raise BadTrace(f"{path}: no steps recorded")
    return lines


def replay(trace, options, limit):
    """Relative difference of every metric at every step, as a list of dicts."""
    bundle = trace / "bundle"
    manifest = read_json(bundle / "manifest.json")
    if (manifest.get("format"), manifest.get("version")) != ("lejepa-bundle", 1):
        found = f"{manifest.get('format')} version {manifest.get('version')}"
        raise BadTrace(f"{bundle / 'manifest.json'}: found {found}, expected lejepa-bundle version 1")
    if manifest.get("target") != "portable":
        raise BadTrace(f"{bundle}: target is {manifest.get('target')}, expected portable: record --target portable")
    expected = read_outputs(trace / "outputs.jsonl")[:limit]
    stages = [Stage(bundle, entry, options) for entry in manifest["stages"]]
    states = initial_states(bundle, manifest)
    differences = []
    for step, record in enumerate(expected, 1):
        path = trace / f"step-{step:06d}.safetensors"
        recorded, metrics = read_tensors(path), {}
        clear_gradients(manifest, states)
        for stage in stages:
            metrics |= stage.run(states, recorded, path)
        if "loss" not in metrics:
            raise BadTrace(f"{bundle}: no stage has the metric loss, found {sorted(metrics)}")
        differences.append({name: _difference(metrics[name], record[name]) for name in metrics if name in record})
        print(f"step {step}: loss {metrics['loss']:.8g}, recorded {record['loss']:.8g}", file=sys.stderr)
    return differences


def _difference(actual, expected):
    if expected is None or not (math.isfinite(actual) and math.isfinite(expected)):
        return math.inf
    return abs(actual - expected) / max(abs(expected), 1e-12)


def _first_line(error):
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return (str(error).splitlines() or [type(error).__name__])[0]


def main():
    parser = argparse.ArgumentParser(
        description="Replays a recorded run under onnxruntime and compares its losses.",
        epilog="example: replay.py out/trace --steps 20",
    )
    parser.add_argument("trace", type=pathlib.Path, metavar="TRACE", help="the folder that `lejepa record` wrote")
    parser.add_argument("--steps", type=int, help="no more steps than these")
    parser.add_argument("--threads", type=int, default=0, help="threads of onnxruntime (default: all cores)")
    parser.add_argument("--tolerance", type=float, default=1e-4, help="largest relative difference (default 1e-4)")
    args = parser.parse_args()

    options = ort.SessionOptions()
    options.intra_op_num_threads = args.threads
    options.log_severity_level = 3
    try:
        differences = replay(args.trace, options, args.steps)
    except BadTrace as error:
        print(f"replay.py: {error}", file=sys.stderr)
        return 2
    for name in sorted({name for step in differences for name in step}):
        print(f"{name}: largest relative difference {max(s.get(name, 0.0) for s in differences):.3g}", file=sys.stderr)
    largest = max(step["loss"] for step in differences)
    finite = math.isfinite(largest)
    print(json.dumps({"steps": len(differences), "max_rel_diff": largest if finite else None}))
    return 0 if largest <= args.tolerance else 1


if __name__ == "__main__":
    sys.exit(main())
