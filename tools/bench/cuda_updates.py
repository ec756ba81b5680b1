#!/usr/bin/env python3
"""Checks and times the engine's update of all weights in one launch (AdamW).

    cuda_updates.py FOLDER [cuda:0]

FOLDER is one that tools/bench/kernels.sh wrote: sources and updates.json. A case is a set of weights with their settings:
odd sizes in several groups, with gradients in both types, copies in bfloat16, in place and not, some where no vector may be
read; and those of a ViT. Three steps are compared with double precision (the largest difference over the largest number),
copies with the rounded weight by bits, and a second run by bits. Times are beside torch.optim.AdamW(fused=True), which
writes no copies. `cpu` as the device tries all of it on emulated warps, with a folder of small sizes. The last line is one
JSON object. Exit code 1 if something is wrong. Needs torch.
"""

import json
import pathlib
import struct
import sys

import cuda_driver
import torch

RUNS = 20
STEPS = 3
FIRST = 7  # step, so that corrections differ from each other
RATE = 1e-2
# Some roundings of float32 in each step.
BOUND = 3e-6
VECTOR = 16  # bytes that a thread reads at once


class Weight:
    """A weight with its moments, gradients of each step and results, as one of the updates has them."""

    def __init__(self, update, odd, device, generator):
        def normal(deviation=1.0):
            return torch.randn(update["size"], generator=generator, device=device.torch) * deviation

        self.update = update
        w, m, v = normal(), normal(), normal().square() * 1e-3
        self.given = [self.placed(x, odd, device) for x in (w, m, v)]
        kind = torch.bfloat16 if update["narrow"] else torch.float32
        self.gradients = [normal().to(kind) for _ in range(STEPS)]
        self.operands = [torch.empty_like(x) for x in self.given]
        self.results = self.operands
        if not update["inPlace"]:
            self.results = [self.placed(torch.full_like(x, torch.nan), odd, device) for x in self.given]
        self.copy = torch.full_like(w, torch.nan, dtype=torch.bfloat16) if update["copied"] else None

    @staticmethod
    def placed(x, odd, device):
        """The same numbers, behind one that no vector begins with if odd."""
        room = torch.empty(x.numel() + odd, device=device.torch)
        room[odd:] = x
        return room[odd:]

    def begin(self):
        for x, given in zip(self.operands, self.given, strict=True):
            x.copy_(given)

    def go_on(self):
        """Results are the next step's operands."""
        for x, y in zip(self.operands, self.results, strict=True):
            if x is not y:
                x.copy_(y)

    def words(self, step):
        u = self.update
        tensors = [*self.operands, *self.results]
        gradient = self.gradients[step]
        copy = self.copy.data_ptr() if u["copied"] else 0
        vectors = all(t.data_ptr() % VECTOR == 0 for t in tensors)
        vectors &= gradient.data_ptr() % (VECTOR // 2 if u["narrow"] else VECTOR) == 0 and copy % (VECTOR // 2) == 0
        words = struct.pack("<8Q", *(t.data_ptr() for t in tensors), gradient.data_ptr(), copy)
        return words + struct.pack("<QIHBB", u["size"], u["first"], u["settings"], u["narrow"], vectors)

    def expected(self, settings):
        """Weight and moments after all steps, in double precision."""
        w, m, v = (x.double() for x in self.given)
        beta1, beta2 = 1 - settings["oneMinusBeta1"], 1 - settings["oneMinusBeta2"]
        rate = float(torch.tensor(RATE))  # as the kernel reads it
        for i, gradient in enumerate(self.gradients):
            g, step = gradient.double(), FIRST + i
            m = m * beta1 + g * (1 - beta1)
            v = v * beta2 + g * g * (1 - beta2)
            unit = v.sqrt() / (1 - beta2**step) ** 0.5 + settings["epsilon"]
            w = w * (1 - rate * settings["weightDecay"]) - m / unit * rate / (1 - beta1**step)
        return w, m, v


def largest(numbers):
    """The largest one, or what is not a number."""
    return torch.tensor(numbers, dtype=torch.float64).max().item()


def largest_error(found, expected):
    return ((found.double() - expected).abs().max() / expected.abs().max()).item()


class Launch:
    """One launch of the kernel and its weights."""

    def __init__(self, device, folder, launch, generator):
        self.device, self.launch = device, launch
        self.code = device.code((folder / launch["source"]).read_text())
        self.weights = [
            Weight(u, int(not u["inPlace"] and i % 3 == 0), device, generator) for i, u in enumerate(launch["updates"])
        ]
        self.rate = torch.tensor(RATE, device=device.torch)
        self.steps = [torch.tensor(FIRST + i, device=device.torch) for i in range(STEPS)]

    def step(self, number):
        table = struct.pack("<QQ", self.rate.data_ptr(), self.steps[number].data_ptr()) * len(self.launch["settings"])
        table += b"".join(w.words(number) for w in self.weights)
        self.code.launch(self.launch["kernel"], (self.launch["blocks"], 1, 1), self.launch["threads"], 0, table)

    def all_steps(self):
        for w in self.weights:
            w.begin()
        for i in range(STEPS):
            self.step(i)
            if i < STEPS - 1:
                for w in self.weights:
                    w.go_on()
        self.device.wait()

    def results(self):
        return [x for w in self.weights for x in (*w.results, *([w.copy] if w.update["copied"] else []))]

    def errors(self):
        """The largest of weights and of either moment, and how many copies are not the rounded weight."""
        errors, wrong = [0.0] * 3, 0
        for w in self.weights:
            expected = w.expected(self.launch["settings"][w.update["settings"]])
            found = [largest_error(x, e) for x, e in zip(w.results, expected, strict=True)]
            errors = [largest(pair) for pair in zip(errors, found, strict=True)]
            wrong += w.update["copied"] and not torch.equal(w.copy, w.results[0].bfloat16())
        return errors, wrong


def fused_milliseconds(device, launches):
    """Of torch's optimizer for weights of the same sizes."""
    weights = [torch.nn.Parameter(x.given[0].clone()) for launch in launches for x in launch.weights]
    for w in weights:
        w.grad = torch.ones_like(w)
    optimizer = torch.optim.AdamW(weights, lr=RATE, fused=True)
    return device.milliseconds(optimizer.step, RUNS)


def run(device, folder, case):
    generator = torch.Generator(device.torch).manual_seed(7)
    launches = [Launch(device, folder, one, generator) for one in case["launches"]]

    def all_steps():
        for launch in launches:
            launch.all_steps()

    same = cuda_driver.same_bits(all_steps, [r for launch in launches for r in launch.results()])
    found = [launch.errors() for launch in launches]
    errors = {n: largest([e[i] for e, _ in found]) for i, n in enumerate(("weight", "moment1", "moment2"))}
    wrong = sum(w for _, w in found)
    moved = sum(x.numel() * x.element_size() for o in launches for w in o.weights for x in (*w.operands, *w.results))
    moved += sum(w.gradients[0].numel() * w.gradients[0].element_size() for o in launches for w in o.weights)
    moved += sum(w.copy.numel() * 2 for o in launches for w in o.weights if w.update["copied"])
    ours = device.milliseconds(lambda: [launch.step(0) for launch in launches], RUNS)
    return {
        "weights": sum(len(launch.weights) for launch in launches),
        "errors": {n: float(f"{e:.2e}") for n, e in errors.items()},
        "wrongCopies": wrong,
        "ok": same and not wrong and all(e < BOUND for e in errors.values()),
        "sameBits": same,
        "us": round(ours * 1e3, 1),
        "torch": round(fused_milliseconds(device, launches) * 1e3, 1),
        "GBps": round(moved / ours / 1e6),
    }


def main():
    folder = pathlib.Path(sys.argv[1])
    device = cuda_driver.device(sys.argv[2] if len(sys.argv) > 2 else "cuda:0")
    results = {}
    for case in json.loads((folder / "updates.json").read_text()):
        results[case["name"]] = run(device, folder, case)
        print(case["name"], results[case["name"]], flush=True)
    ok = all(r["ok"] for r in results.values())
    print(json.dumps({"device": device.name, "ok": ok, "updates": results}))
    sys.exit(0 if ok else 1)


if __name__ == "__main__":
    main()
