#!/usr/bin/env python3
"""Trains a recorded run again with nothing but its bundle, the inputs it recorded and PyPI's onnxruntime.

    replay.py TRACE

Starts from TRACE/bundle/init.safetensors, feeds TRACE/step-NNNNNN.safetensors (every input that is not a state),
carries the states through the stages, and compares `loss` with TRACE/outputs.jsonl. Of a step that is cut, the file has
the rows of all micro-batches one after the other. Prints one JSON object {steps, max_rel_diff}. Exit code 0: the losses agree; 1: they do not; 2: the trace cannot be replayed.
"""

import argparse
import itertools
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
        self.per_micro_batch, self.repeats = entry.get("runs") == "micro_batch", "repeats" in entry
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

    def run(self, step, number):
        """Runs once, for the micro-batch of this number; updates the states and returns the metrics."""
        feeds = {entry["name"]: self._feed(entry, step, number) for entry in self.inputs}
        names = [entry["name"] for entry in self.outputs]
        try:
            values = self.session.run(names, feeds)
        except Exception as error:  # onnxruntime's exception types are not public
            raise BadTrace(f"{step.path}: stage {self.name}: {_first_line(error)}") from error
        metrics = {}
        for entry, value in zip(self.outputs, values):
            if entry["is"] in ("views", "handed"):
                step.hand(entry, value, number if self.per_micro_batch else None)
            elif entry["is"] == "metric":
                metrics[entry["name"]] = float(np.asarray(value, np.float64).reshape(-1)[0])
            elif not self.repeats:  # what a stage gives once more was counted the first time
                step.states[entry["state"]] = value
        return metrics

    def _feed(self, entry, step, number):
        name = entry["name"]
        if entry["is"] == "state":
            return step.states[entry["state"]]
        value = step.handed(entry, number if self.per_micro_batch else None)
        if value is None:
            value = step.recorded.get(name)
            if value is None:
                raise BadTrace(f"{step.path}: lacks {name}, the {entry['is']} input of stage {self.name}")
            if self.per_micro_batch:
                value = value[number * entry["shape"][0] : (number + 1) * entry["shape"][0]]
        if entry.get("dtype") and value.dtype != DTYPES[entry["dtype"]]:
            raise BadTrace(f"{step.path}: {name} is {value.dtype}, expected {entry['dtype']}")
        return value


class Step:
    """What one step reads: states, recorded inputs, and what its stages hand to each other."""

    def __init__(self, path, states, micro_batches):
        self.path, self.states, self.micro_batches = path, states, micro_batches
        self.recorded = read_tensors(path)
        self.whole, self.parts = {}, {}

    def run(self, stages):
        """Neighbors that run for each micro-batch run one after the other for one, then for the next."""
        metrics = {}
        for per_micro_batch, group in itertools.groupby(stages, lambda stage: stage.per_micro_batch):
            group = list(group)
            for number in range(self.micro_batches if per_micro_batch else 1):
                for stage in group:
                    metrics |= stage.run(self, number)
        return metrics

    def hand(self, entry, value, number):
        if number is None:
            self.whole[entry["name"]] = value
        elif entry["is"] == "views" or entry.get("rows"):
            self.parts.setdefault(entry["name"], {})[number] = value
        else:
            self.parts[entry["name"]] = {number: value}  # read for the same micro-batch, and large

    def handed(self, entry, number):
        """What an earlier stage made, or None. A last micro-batch may have more rows than are left: those are zero."""
        name, rows = entry["name"], entry["shape"][0] if entry["shape"] else 0
        if name in self.parts:
            parts = self.parts[name]
            return parts[number] if number is not None else np.concatenate([parts[i] for i in sorted(parts)])[:rows]
        value = self.whole.get(name)
        if value is None or number is None or not entry.get("rows"):
            return value
        part = value[number * rows : (number + 1) * rows]
        return np.concatenate([part, np.zeros((rows - len(part), *part.shape[1:]), part.dtype)])


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
    """A step begins with zero gradients; only graphs that add to them can tell."""
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
    micro_batches = manifest.get("micro_batches", {"count": 1})["count"]
    differences = []
    for step, record in enumerate(expected, 1):
        path = trace / f"step-{step:06d}.safetensors"
        clear_gradients(manifest, states)
        metrics = Step(path, states, micro_batches).run(stages)
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
