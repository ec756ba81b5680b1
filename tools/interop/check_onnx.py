#!/usr/bin/env python3
"""Checks every ONNX graph of a bundle, or one file, with onnx.checker (full check) and against the manifest.

    check_onnx.py BUNDLE|FILE [--target portable|ort]

Prints one JSON object {passed, files: [...]}. Exit code 0: all hold; 1: a check did not hold; 2: bad input.
A portable graph must use the default domain alone, at opset 18 and ir_version 8; `encoder.onnx` always is one.
"""

import argparse
import collections
import json
import pathlib
import sys

import onnx
from safetensors import SafetensorError, safe_open

OPSET, IR_VERSION = 18, 8
ENCODER = "encoder.onnx"
FREE = -1  # a dimension of the manifest that is known only when a batch is fed
SAFETENSORS_NAMES = {
    "float32": "F32", "float64": "F64", "float16": "F16", "bfloat16": "BF16",
    "int64": "I64", "int32": "I32", "uint8": "U8", "bool": "BOOL",
}  # fmt: skip


class BadInput(Exception):
    """Not something that can be checked."""


def check_file(path, target):
    """A report on one graph; `faults` is empty where it is good."""
    faults = []
    try:
        model = onnx.load(str(path), load_external_data=False)
    except Exception as error:  # protobuf's decode errors differ between its implementations
        raise BadInput(f"{path}: not an ONNX file: {_first_line(error)}") from error
    if not model.graph.node and not model.graph.output:
        raise BadInput(f"{path}: not an ONNX file: no graph in it")
    try:
        # By path, so that external data are found and files above 2 GB pass.
        onnx.checker.check_model(str(path), full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        faults.append(f"onnx.checker: {_first_line(error)}")
    opsets = {entry.domain or "ai.onnx": entry.version for entry in model.opset_import}
    domains = collections.Counter(node.domain or "ai.onnx" for node in nodes(model.graph))
    portable = set(domains) | set(opsets) <= {"ai.onnx"} and opsets.get("ai.onnx") == OPSET
    portable = portable and model.ir_version == IR_VERSION
    if target == "portable" or path.name == ENCODER:
        faults += portable_faults(model, opsets, domains)
    unknown = unknown_shapes(model)
    if unknown and portable:
        faults.append(f"{len(unknown)} values without inferred type or rank, such as {unknown[0]}")
    report = {
        "file": path.name,
        "passed": not faults,
        "portable": portable,
        "ir_version": model.ir_version,
        "opsets": opsets,
        "nodes": sum(domains.values()),
        "nodes_by_domain": dict(domains),
        "inputs": len(model.graph.input),
        "outputs": len(model.graph.output),
        "initializers": len(model.graph.initializer),
        "values_without_shape": len(unknown),
        "faults": faults,
    }
    return report, model


def portable_faults(model, opsets, domains):
    faults = []
    if model.ir_version != IR_VERSION:
        faults.append(f"ir_version is {model.ir_version}, expected {IR_VERSION}")
    if opsets.get("ai.onnx") != OPSET:
        faults.append(f"opset of the default domain is {opsets.get('ai.onnx')}, expected {OPSET}")
    others = sorted((set(opsets) | set(domains)) - {"ai.onnx"})
    if others:
        faults.append(f"uses the domains {others}, expected the default domain alone")
    return faults


def nodes(graph):
    """All nodes, those of subgraphs too."""
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            for below in [attribute.g, *attribute.graphs]:
                yield from nodes(below)


def unknown_shapes(model):
    """Names of node outputs for which inference (with the graph's own value_info) finds no type or rank."""
    try:
        graph = onnx.shape_inference.infer_shapes(model, data_prop=True).graph
    except (onnx.shape_inference.InferenceError, ValueError):
        return []  # the checker has said so
    known = {
        value.name
        for value in [*graph.value_info, *graph.input, *graph.output]
        if value.type.HasField("sequence_type")
        or (value.type.tensor_type.elem_type and value.type.tensor_type.HasField("shape"))
    }
    return [name for node in graph.node for name in node.output if name and name not in known]


def check_manifest(bundle, manifest, models):
    """Faults of the manifest against the graphs' inputs and outputs and the header of init.safetensors."""
    faults = []
    states = {state["name"]: state for state in manifest["states"]}
    faults += check_initial_states(bundle / "init.safetensors", states)
    beside = [manifest[name] for name in ("evaluate", "encoder", "held_out") if manifest.get(name)]
    entries = [*manifest["stages"], *beside]
    for entry in entries:
        if entry["graph"] not in models:
            faults.append(f"stage {entry.get('name', 'evaluate')} names {entry['graph']}, which is not there")
            continue
        graph = models[entry["graph"]].graph
        for direction, values in (("input", graph.input), ("output", graph.output)):
            faults += check_values(entry["graph"], direction, entry[f"{direction}s"], values, states)
    return faults


def check_values(graph, direction, entries, values, states):
    faults = []
    actual = {value.name: value.type for value in values}
    for name in sorted(actual.keys() ^ {entry["name"] for entry in entries}):
        where = "graph" if name in actual else "manifest"
        faults.append(f"{graph}: {direction} {name} stands in the {where} alone")
    for entry in entries:
        described = entry
        if entry["is"] == "state":
            described = states.get(entry["state"])
            if described is None:
                faults.append(f"{graph}: {direction} {entry['name']}: no state is called {entry['state']}")
                continue
        if entry["name"] in actual and "dtype" in described and "shape" in described:
            expected = (described["dtype"], described["shape"])
            found = dtype_and_shape(actual[entry["name"]])
            if found is not None and not _agree(found, expected):
                faults.append(f"{graph}: {direction} {entry['name']} is {found}, the manifest has {expected}")
    return faults


def dtype_and_shape(kind):
    """("float32", [2, "batch"]) of a tensor type, None for anything else."""
    if not kind.HasField("tensor_type"):
        return None
    names = {code: name.lower() for name, code in onnx.TensorProto.DataType.items()}
    dtype = names[kind.tensor_type.elem_type]
    return {"float": "float32", "double": "float64"}.get(dtype, dtype), [d.dim_param or d.dim_value for d in kind.tensor_type.shape.dim]


def _agree(found, expected):
    """A symbolic dimension of the graph, or a free one of the manifest, agrees with anything."""
    (dtype, shape), (expected_dtype, expected_shape) = found, expected
    return (
        dtype == expected_dtype
        and len(shape) == len(expected_shape)
        and all(isinstance(a, str) or b == FREE or a == b for a, b in zip(shape, expected_shape))
    )


def check_initial_states(path, states):
    faults = []
    try:
        with safe_open(path, framework="np") as file:
            for name in file.keys():
                view = file.get_slice(name)
                found, state = (view.get_dtype(), view.get_shape()), states.get(name)
                if state is None:
                    faults.append(f"{path.name}: {name} is no state of the manifest")
                elif found != (SAFETENSORS_NAMES.get(state["dtype"]), state["shape"]):
                    faults.append(f"{path.name}: {name} is {found}, the manifest has {state['dtype']} {state['shape']}")
            missing = [n for n, s in states.items() if s["role"] == "parameter" and n not in set(file.keys())]
            if missing:
                faults.append(f"{path.name}: lacks {len(missing)} parameters, such as {missing[0]}")
    except (OSError, SafetensorError) as error:
        faults.append(f"{path}: {_first_line(error)}")
    return faults


def check_bundle(bundle, target):
    manifest, path = None, bundle / "manifest.json"
    if path.is_file():
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise BadInput(f"{path}: {_first_line(error)}") from error
        target = target or manifest.get("target")
    graphs = sorted(bundle.rglob("*.onnx"))
    if not graphs:
        raise BadInput(f"{bundle}: no .onnx files in it")
    reports, models = [], {}
    for graph in graphs:
        report, model = check_file(graph, target)
        name = graph.relative_to(bundle).as_posix()
        reports.append(report | {"file": name})
        models[name] = model
    summary = {"target": target, "files": reports}
    if manifest is not None:
        try:
            summary["manifest_faults"] = check_manifest(bundle, manifest, models)
        except (KeyError, TypeError) as error:
            summary["manifest_faults"] = [f"{path.name}: lacks or misuses the key {error}"]
    return summary


def _first_line(error):
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines or [type(error).__name__])[0]


def main():
    parser = argparse.ArgumentParser(
        description="Checks ONNX graphs with onnx.checker (full check).", epilog="example: check_onnx.py out/bundle"
    )
    parser.add_argument("path", type=pathlib.Path, metavar="BUNDLE|FILE")
    parser.add_argument("--target", choices=("portable", "ort"), help="default: what the manifest says")
    args = parser.parse_args()
    try:
        if args.path.is_dir():
            summary = check_bundle(args.path, args.target)
        elif args.path.is_file():
            summary = {"target": args.target, "files": [check_file(args.path, args.target)[0]]}
        else:
            raise BadInput(f"{args.path}: not there")
    except BadInput as error:
        print(f"check_onnx.py: {error}", file=sys.stderr)
        return 2
    passed = all(report["passed"] for report in summary["files"]) and not summary.get("manifest_faults")
    for fault in [f"{r['file']}: {f}" for r in summary["files"] for f in r["faults"]]:
        print(fault, file=sys.stderr)
    for fault in summary.get("manifest_faults", []):
        print(fault, file=sys.stderr)
    print(json.dumps({"passed": passed} | summary))
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
