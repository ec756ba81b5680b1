#!/usr/bin/env python3
"""Trains a recipe in PyTorch, timm and torchvision: what `lejepa train` is compared with.

    torch_reference.py --config recipes/cifar10-vit-tiny.yaml --set data.train=DIR --set data.val=DIR --out OUT

Writes OUT/recipe.yaml, OUT/metrics.jsonl (the keys of a run's metrics.jsonl) and OUT/model.pt. Evaluates the online
probe after each epoch; at the end (and before the first step with --untrained) also logistic regression and nearest
neighbours on frozen features. Prints one JSON object.
"""

import argparse
import contextlib
import json
import os
import pathlib
import sys
import time

import torch
import yaml
from torch.utils.data import DataLoader

from reference import evaluate, recipe as recipes, views
from reference.data import ImageFolder
from reference.losses import draw_directions
from reference.model import Network
from reference.schedule import rate


class Log:
    """metrics.jsonl, one object a line."""

    def __init__(self, path):
        self.file = open(path, "w", encoding="utf-8")

    def write(self, event, **values):
        self.file.write(json.dumps({"event": event} | values) + "\n")
        self.file.flush()


class Reference:
    """The whole training run of one recipe."""

    def __init__(self, recipe, args):
        self.recipe, self.args, self.device = recipe, args, torch.device(args.device)
        self.seed, self.batch = recipe["seed"], recipe["data"]["batch"]
        self.precision = args.precision or recipe["train"]["precision"]
        self.train_set = ImageFolder(recipe["data"]["train"], views.MultiCrop(recipe["views"]))
        self.steps_per_epoch = len(self.train_set) // self.batch
        if not self.steps_per_epoch:
            raise ValueError(f"data.batch is {self.batch}, but data.train has {len(self.train_set)} images")
        self.total = recipe["train"]["epochs"] * self.steps_per_epoch
        limits = [self.total, args.steps, recipe["train"]["steps"]]
        self.steps = min(limit for limit in limits if limit is not None)
        torch.manual_seed(self.seed)
        self.network = Network(recipe, self.classes()).to(self.device)
        self.optimizer = torch.optim.AdamW(self.network.groups(recipe))
        self.workers = args.workers if args.workers is not None else _workers(recipe["data"]["workers"])

    def classes(self):
        probe = self.recipe["probe"]
        if probe is None or not self.train_set.classes:
            return 0
        return len(self.train_set.classes) if probe["classes"] == "auto" else probe["classes"]

    def loader(self):
        generator = torch.Generator().manual_seed(self.seed)
        return DataLoader(
            self.train_set, self.batch, shuffle=True, drop_last=True, generator=generator,
            num_workers=self.workers, persistent_workers=self.workers > 0,
        )  # fmt: skip

    def still_loader(self, root):
        size = self.recipe["model"]["backbone"].get("img_size")
        data = ImageFolder(root, views.evaluation(self.recipe["views"], size))
        return DataLoader(data, max(self.batch, 128), num_workers=self.workers)

    def autocast(self):
        if self.precision == "fp32":
            return contextlib.nullcontext()
        return torch.autocast(self.device.type, torch.bfloat16)

    def set_rates(self, step):
        optimizer = self.recipe["optimizer"]
        warmup = optimizer["warmup_epochs"] * self.steps_per_epoch
        for group in self.optimizer.param_groups:
            group["lr"] = rate(step, group["base"], group["final"], optimizer["warmup_start"], warmup, self.total)
        return self.optimizer.param_groups[0]["lr"]

    def step(self, step, crops, labels):
        """One update; the losses are those before it."""
        lr = self.set_rates(step)
        loss = self.recipe["loss"]
        generator = torch.Generator().manual_seed(self.seed * 1_000_003 + step)
        width = self.recipe["model"]["projector"]["out"]
        directions = draw_directions(width, loss["slices"], generator, self.device)
        crops = [c.to(self.device) if c.numel() else None for c in crops]
        losses = self.network(crops, labels.to(self.device), directions, self.autocast)
        total = losses["loss"] if losses["probe_loss"] is None else losses["loss"] + losses["probe_loss"]
        self.optimizer.zero_grad(set_to_none=True)
        total.backward()
        self.optimizer.step()
        return {name: value.item() for name, value in losses.items() if value is not None} | {"lr": lr}

    def train(self, log):
        """All steps; returns the last line of the log."""
        step, record, loader = 0, {}, self.loader()
        log.write("start", steps=self.steps, images=len(self.train_set), precision=self.precision)
        while step < self.steps:
            epoch, ready = step // self.steps_per_epoch + 1, time.perf_counter()
            for crops, labels in loader:
                start = time.perf_counter()
                record = self.step(step, crops, labels)
                end, step = time.perf_counter(), step + 1
                record |= {"images_per_s": self.batch / (end - ready), "data_wait_ms": (start - ready) * 1e3}
                log.write("step", step=step, epoch=epoch, **record)
                ready = end
                if step == self.steps:
                    break
            if step % self.steps_per_epoch == 0:
                log.write("epoch", epoch=epoch, **self.validate())
            print(f"epoch {epoch}, step {step}: loss {record['loss']:.4f}", file=sys.stderr)
        return record

    def validate(self):
        root = self.recipe["data"]["val"]
        if root is None or self.network.probe is None:
            return {}
        top1, loss = evaluate.online_probe(self.network, self.still_loader(root), self.device)
        print(f"online probe: {top1:.4f}", file=sys.stderr)
        return {"val_top1": top1, "val_probe_loss": loss}

    def frozen(self):
        """Figures of the frozen encoder, from data.train to data.val."""
        loaders = (self.still_loader(self.recipe["data"][part]) for part in ("train", "val"))
        return evaluate.report(*(evaluate.features(self.network.backbone, loader, self.device) for loader in loaders))


def _workers(value):
    return os.cpu_count() if value == "auto" else value


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--config", required=True, metavar="R.yaml")
    parser.add_argument("--set", action="append", default=[], metavar="a.b=v", dest="settings")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--precision", choices=("fp32", "bf16"), help="default: the recipe's")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--workers", type=int, help="loader processes (default: the recipe's)")
    parser.add_argument("--steps", type=int, help="stop after so many; the schedules stay those of all epochs")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--untrained", action="store_true", help="also evaluate the untrained encoder")
    parser.add_argument("--no-offline", action="store_true", help="skip logistic regression and nearest neighbours")
    return parser.parse_args()


def main():
    args = arguments()
    torch.set_num_threads(args.threads)
    try:
        recipe = recipes.load(args.config, args.settings)
        if recipe["data"]["train"] is None:
            raise recipes.RecipeError(f"{args.config}: data.train is not set")
        run = Reference(recipe, args)
    except (ValueError, OSError) as error:
        print(f"torch_reference.py: {error}", file=sys.stderr)
        return 2
    offline = recipe["data"]["val"] is not None and run.train_set.classes and not args.no_offline
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "recipe.yaml").write_text(yaml.safe_dump(recipe, sort_keys=False), encoding="utf-8")
    log, start = Log(args.out / "metrics.jsonl"), time.perf_counter()
    summary = {"untrained": run.frozen()} if offline and args.untrained else {}
    started = time.perf_counter()
    last = run.train(log)
    summary |= {"steps": run.steps, "seconds": round(time.perf_counter() - started, 1), "loss": last.get("loss")}
    torch.save(run.network.state_dict(), args.out / "model.pt")
    if offline:
        summary["trained"] = run.frozen()
    log.write("end", seconds=time.perf_counter() - start)
    print(json.dumps(summary | {"torch": torch.__version__, "run": str(args.out)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
