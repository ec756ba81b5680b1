"""The recipe file: its keys with their defaults, `--set a.b=v`, and one message for all faults."""

import copy
import difflib
import re

import yaml

DEFAULTS = yaml.safe_load(
    """
seed: 0
data: {train: null, val: null, batch: 64, workers: auto, max_broken: 0.01, jpeg: exact}
views:
  global: {count: 2, size: 224, scale: [0.3, 1.0]}
  local: {count: 6, size: 98, scale: [0.05, 0.3]}
  ratio: [0.75, 1.3333333333333333]
  flip: 0.5
  jitter: {p: 0.8, brightness: 0.4, contrast: 0.4, saturation: 0.2, hue: 0.1}
  grayscale: 0.2
  blur: {p: 0.5, kernel: 23, sigma: [0.1, 2.0]}
  solarize: {p: 0.2, threshold: 128}
  mean: [0.485, 0.456, 0.406]
  std: [0.229, 0.224, 0.225]
model:
  backbone: {name: vit_small_patch16_224, img_size: 224, patch_size: 14, drop_path_rate: 0.1, num_classes: 512}
  projector: {hidden: [2048, 2048], out: 64}
loss: {dialect: paper, regularizer: epps_pulley, lambda: 0.05, slices: 1024, knots: 17, t_max: 3}
optimizer:
  {lr: 0.0005, weight_decay: 0.05, decay_exclude: [], betas: [0.9, 0.999], eps: 0.00000001,
   warmup_epochs: 1, warmup_start: 0.01, final_lr: 0.001}
probe: {classes: auto, lr: 0.001, weight_decay: 0.0000001, final_lr: 1.0}
train:
  {epochs: 100, steps: null, precision: fp32, target: ort, checkpoint_every_epochs: 1,
   checkpoint_every_steps: null, keep: 2}
"""
)

BACKBONE_OPTIONS = (
    "depth", "embed_dim", "num_heads", "mlp_ratio", "qkv_bias", "class_token", "global_pool", "dynamic_img_size",
)

# PyYAML follows YAML 1.1, where 1e-3 is a string; a recipe means the number.
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)[eE][-+]?\d+")


class RecipeError(ValueError):
    """Bad input: the message names every key that does not fit."""


def load(path, settings=()):
    """The complete recipe of a YAML file (None: the defaults alone) after `--set` settings."""
    given = {}
    if path is not None:
        with open(path, encoding="utf-8") as file:
            given = yaml.safe_load(file) or {}
    if not isinstance(given, dict):
        raise RecipeError(f"{path}: found {type(given).__name__}, expected a mapping of recipe keys")
    for setting in settings:
        _assign(given, setting)
    recipe, faults = copy.deepcopy(DEFAULTS), []
    _merge(recipe, _numbers(given), "", faults)
    if faults:
        raise RecipeError(f"{path}: " + "; ".join(faults))
    return recipe


def _assign(tree, setting):
    key, equals, value = setting.partition("=")
    if not equals:
        raise RecipeError(f"--set {setting}: expected a.b=value")
    *folders, leaf = key.split(".")
    for folder in folders:
        below = tree.get(folder)
        tree[folder] = below if isinstance(below, dict) else {}
        tree = tree[folder]
    tree[leaf] = yaml.safe_load(value)


def _numbers(value):
    if isinstance(value, dict):
        return {key: _numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_numbers(item) for item in value]
    return float(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value


def _merge(recipe, given, path, faults):
    known = list(recipe) + (list(BACKBONE_OPTIONS) if path == "model.backbone." else [])
    for key, value in given.items():
        name = f"{path}{key}"
        if key not in known:
            near = difflib.get_close_matches(str(key), known, 1)
            faults.append(f"unknown key {name}" + (f", did you mean {path}{near[0]}?" if near else ""))
        elif isinstance(recipe.get(key), dict) and value is not None:
            if isinstance(value, dict):
                _merge(recipe[key], value, f"{name}.", faults)
            else:
                faults.append(f"{name}: found {value!r}, expected a mapping")
        elif isinstance(recipe.get(key), dict) and key != "probe":
            faults.append(f"{name}: found null, expected a mapping")
        else:
            recipe[key] = value
