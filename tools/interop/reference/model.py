"""Backbone, projector and probe, and how the views pass through them."""

from fnmatch import fnmatchcase

import timm
import torch
from torch import nn
from torchvision.ops import MLP

from .losses import LeJepa

CONVNETS = ("resnet", "convnext", "efficientnet", "mobilenetv3", "regnet")  # modules of timm


class Network(nn.Module):
    """Everything that is trained; `probe` sees detached embeddings."""

    def __init__(self, recipe, classes):
        super().__init__()
        views, loss = recipe["views"], recipe["loss"]
        self.counts = [(views[kind]["count"], views[kind]["size"]) for kind in ("global", "local")]
        self.backbone = build_backbone(recipe["model"]["backbone"], [size for count, size in self.counts if count])
        self.layout = torch.channels_last if is_convnet(recipe["model"]["backbone"]["name"]) else torch.contiguous_format
        self.backbone.to(memory_format=self.layout)
        width = self.backbone.num_classes or self.backbone.num_features
        projector = recipe["model"]["projector"]
        self.projector = MLP(width, [*projector["hidden"], projector["out"]], norm_layer=nn.BatchNorm1d)
        self.probe = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, classes)) if classes else None
        self.lejepa = LeJepa(loss["dialect"], loss["lambda"], self.counts[0][0], loss["knots"], loss["t_max"])

    def forward(self, crops, labels, directions, autocast):
        """`crops`: a tensor `[N, count, 3, size, size]` per kind of view; returns the losses as a dict."""
        with autocast():
            embeddings = torch.cat([self.embed(c) for c in crops if c is not None], 1)
            n, v, _ = embeddings.shape
            rows = embeddings.flatten(0, 1)  # row n * V + v
            z = self.projector(rows).unflatten(0, (n, v)).transpose(0, 1)
            probe_loss = None
            if self.probe is not None:
                logits = self.probe(rows.detach())
                probe_loss = nn.functional.cross_entropy(logits.float(), labels.repeat_interleave(v))
        # The statistic is taken in float32 whatever the precision of the network.
        loss, invariance, sigreg = self.lejepa(z.float(), directions)
        return {"loss": loss, "invariance": invariance, "sigreg": sigreg, "probe_loss": probe_loss}

    def embed(self, crops):
        n, v = crops.shape[:2]
        images = crops.flatten(0, 1).contiguous(memory_format=self.layout)
        return self.backbone(images).unflatten(0, (n, v))

    def groups(self, recipe):
        """AdamW's groups: model, model without decay where names are excluded, probe."""
        optimizer, probe = recipe["optimizer"], recipe["probe"]
        common = {"betas": tuple(optimizer["betas"]), "eps": optimizer["eps"]}
        named = [*self.backbone.named_parameters(), *self.projector.named_parameters("projector")]
        kept = [p for name, p in named if not _excluded(name, optimizer["decay_exclude"])]
        left = [p for name, p in named if _excluded(name, optimizer["decay_exclude"])]
        model = common | {"base": optimizer["lr"], "final": optimizer["final_lr"]}
        groups = [model | {"params": kept, "weight_decay": optimizer["weight_decay"]}]
        if left:
            groups.append(model | {"params": left, "weight_decay": 0.0})
        if self.probe is not None:
            groups.append(
                common
                | {"params": list(self.probe.parameters()), "weight_decay": probe["weight_decay"]}
                | {"base": probe["lr"], "final": probe["final_lr"]}
            )
        return groups


def is_convnet(name):
    """Whether a timm model takes images of any size, and maps in either layout."""
    return timm.models.model_entrypoint(name).__module__.rsplit(".", 1)[-1] in CONVNETS


def build_backbone(options, sizes):
    """A timm model from `model.backbone`; crops of another size than `img_size` resample its position embedding."""
    options = dict(options)
    name = options.pop("name")
    if is_convnet(name):
        options.pop("img_size", None)
        options.pop("patch_size", None)
    elif any(size != options["img_size"] for size in sizes):
        options["dynamic_img_size"] = True
    return timm.create_model(name, **options)


def _excluded(name, patterns):
    """Whether a pattern (`*` for any text) matches the name or what follows one of its dots."""
    parts = name.split(".")
    tails = [".".join(parts[i:]) for i in range(len(parts))]
    return any(fnmatchcase(tail, pattern) for pattern in patterns for tail in tails)
