#!/usr/bin/env python3
"""Writes what the last two blocks of small models tell, and the attention of the last one, as timm computes them, for
tests that have no timm.

    timm_outputs.py > graphs/src/test/resources/dev/lejepa/graphs/models/outputs.txt

Parameters and images are those of `timm_features.py`. A line is `NAME key=value ... | HEIGHT WIDTH | layers | attention`:
of the second image the first three numbers of each block's class token, or mean over its places, after the final norm;
and for each head the first three shares of the last token, nothing where there is no attention among all tokens.
"""

import math
import sys

import timm
import torch

from timm_features import numbers, setting, value

CASES = """
vit_tiny_patch16_224 img_size=32 patch_size=8 depth=3 num_classes=5 | 32 32
vit_tiny_patch16_224 img_size=32 patch_size=8 depth=2 timm.dynamic_img_size=True | 16 40
vit_small_patch16_224 img_size=[16,24] patch_size=8 depth=2 embed_dim=48 qk_norm=True init_values=0.1 | 16 24
vit_medium_patch16_gap_256 img_size=32 depth=2 embed_dim=64 | 32 32
vit_small_patch14_reg4_dinov2 img_size=28 depth=2 embed_dim=48 | 28 28
vit_base_patch32_clip_quickgelu_224 img_size=64 depth=2 embed_dim=48 | 64 64
vit_base_patch32_siglip_256 img_size=64 depth=2 embed_dim=48 | 64 64
vit_tiny_patch16_224 img_size=32 depth=2 global_pool=avg | 32 32
swin_tiny_patch4_window7_224 img_size=[64,96] depths=[2,2,2,2] embed_dim=24 | 64 96
resnet18 layers=[1,1,1,2] channels=[8,12,16,24] | 48 40
convnext_tiny depths=[1,1,1,2] dims=[8,12,16,24] | 64 36
convnext_tiny_hnf depths=[1,1,1,2] dims=[8,12,16,24] | 32 32
regnety_002 depth=8 w0=16 wa=20.0 wm=2.2 | 32 32
"""


def last_blocks(model):
    """The last two blocks."""
    for place in ("blocks", "layers", "layer4", "stages", "s4"):
        if hasattr(model, place):
            part = getattr(model, place)
            if place in ("layers", "stages"):
                part = part[-1].blocks
            return list(part.children())[-2:]
    raise ValueError(f"no blocks: {type(model)}")


def summary(model, block):
    """What a block knows of the whole image, after the final norm."""
    if isinstance(model, timm.models.VisionTransformer):
        tokens = model.norm(block)
        row = tokens[:, 0] if model.cls_token is not None else tokens[:, model.num_prefix_tokens :].mean(1)
        return model.fc_norm(row)
    if isinstance(model, timm.models.SwinTransformer):
        return model.norm(block).mean((1, 2))
    for part in ("norm_pre", "final_conv"):
        block = getattr(model, part, torch.nn.Identity())(block)
    return model.forward_head(block, pre_logits=True)


def outputs(case):
    said, size = (part.split() for part in case.split("|"))
    arguments = dict(part.split("=", 1) for part in said[1:])
    model = timm.create_model(said[0], **{k.removeprefix("timm."): setting(v) for k, v in arguments.items()})
    model = model.double().eval()
    blocks, shares = [], []
    for block in last_blocks(model):
        block.register_forward_hook(lambda _module, _args, result: blocks.append(result))
    if isinstance(model, timm.models.VisionTransformer):
        attention = model.blocks[-1].attn
        attention.fused_attn = False
        attention.attn_drop.register_forward_pre_hook(lambda _module, args: shares.append(args[0]))
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if tensor.is_floating_point():
                tensor.copy_(value(name, tensor.shape))
        shape = (2, 3, int(size[0]), int(size[1]))
        images = torch.tensor(numbers("images", math.prod(shape)), dtype=torch.float64).reshape(shape) * 4
        model.forward_features(images)
        layers = torch.cat([summary(model, block)[1, :3] for block in blocks])
    return layers.tolist(), [float(x) for share in shares for x in share[1, :, -1, :3].flatten()]


def main():
    for case in CASES.strip().splitlines():
        kept = " ".join(part for part in case.split() if not part.startswith("timm."))
        kept = kept.replace("=True", "=true").replace("''", "")
        layers, attention = outputs(case)
        print(kept, "|", " ".join(map(repr, layers)), "|", " ".join(map(repr, attention)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
