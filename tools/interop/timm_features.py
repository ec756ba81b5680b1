#!/usr/bin/env python3
"""Writes pooled features of small models of every family as timm computes them, for tests that have no timm.

    timm_features.py > graphs/src/test/resources/dev/lejepa/graphs/models/features.txt

Parameters, buffers and images are functions of name and index that any language computes alike (`numbers`). A line is
`NAME key=value ... | HEIGHT WIDTH | features`: timm's arguments, the size of the two images, and the first six pooled
features of the second. Arguments that begin with `timm.` are timm's alone.
"""

import ast
import math
import sys

import timm
import torch

CASES = """
vit_tiny_patch16_224 img_size=32 patch_size=8 depth=2 num_classes=5 | 32 32
vit_tiny_patch16_224 img_size=32 patch_size=8 depth=2 timm.dynamic_img_size=True | 16 40
vit_small_patch16_224 img_size=[16,24] patch_size=8 depth=2 embed_dim=48 qk_norm=True init_values=0.1 | 16 24
vit_medium_patch16_gap_256 img_size=32 depth=2 embed_dim=64 | 32 32
vit_small_patch14_reg4_dinov2 img_size=28 depth=2 embed_dim=48 | 28 28
vit_giant_patch14_reg4_dinov2 img_size=28 depth=2 embed_dim=48 | 28 28
vit_base_patch32_clip_quickgelu_224 img_size=64 depth=2 embed_dim=48 | 64 64
vit_base_patch32_siglip_256 img_size=64 depth=2 embed_dim=48 | 64 64
vit_base_patch16_siglip_224 img_size=32 depth=2 embed_dim=48 global_pool='' | 32 32
beit3_base_patch16_224 img_size=32 depth=2 embed_dim=48 | 32 32
deit3_small_patch16_224 img_size=32 depth=2 embed_dim=48 | 32 32
vit_tiny_patch16_224 img_size=32 depth=2 global_pool=avg pool_include_prefix=True reg_tokens=2 | 32 32
swin_tiny_patch4_window7_224 img_size=[64,96] depths=[2,2,2,2] embed_dim=24 | 64 96
swin_tiny_patch4_window7_224 img_size=64 depths=[2,2] num_heads=[3,6] embed_dim=24 window_size=5 timm.strict_img_size=False | 52 68
swin_tiny_patch4_window7_224 depths=[1,1,2,1] embed_dim=24 timm.strict_img_size=False | 32 24
swin_s3_tiny_224 img_size=64 depths=[2,2,2,2] embed_dim=24 num_heads=[3,6,3,6] | 64 64
resnet18 layers=[1,1,1,1] channels=[8,12,16,24] | 48 40
resnet26t layers=[1,1,1,1] channels=[4,6,8,12] | 45 33
resnext50_32x4d layers=[1,1,1,1] channels=[8,12,16,24] cardinality=4 base_width=32 | 32 32
seresnet50 layers=[1,1,1,1] channels=[4,6,8,12] | 32 64
ecaresnet26t layers=[1,1,1,1] channels=[4,6,8,12] | 32 32
resnetrs50 layers=[1,1,1,1] channels=[4,6,8,12] | 40 40
convnext_tiny depths=[1,1,2,1] dims=[8,12,16,24] | 64 36
convnext_nano_ols depths=[1,1,1,1] dims=[8,12,16,24] kernel_sizes=[7,5,5,3] | 33 45
convnext_tiny_hnf depths=[1,1,1,1] dims=[8,12,16,24] | 32 32
convnextv2_atto depths=[1,1,1,1] dims=[8,12,16,24] | 32 64
regnetx_002 depth=8 w0=16 wa=20.0 wm=2.2 | 32 48
regnety_002 depth=8 w0=16 wa=20.0 wm=2.2 | 32 32
regnetv_064 depth=8 w0=16 wa=20.0 wm=2.2 group_size=8 | 32 32
tf_mobilenetv3_small_075 | 37 40
mobilenetv3_small_050 | 32 32
tinynet_e | 32 40
tf_efficientnetv2_b0 | 32 32
"""


def numbers(name, count):
    """`count` numbers from -0.5 to 0.5."""
    seed = sum(name.encode())
    return [frac(math.sin(i * 12.9898 + seed * 0.37) * 43758.5453) - 0.5 for i in range(count)]


def frac(x):
    return x - math.floor(x)


def value(name, shape):
    """What a parameter or buffer is made of: factors and variances around 1, offsets small, weights by their fan-in."""
    raw = torch.tensor(numbers(name, math.prod(shape)), dtype=torch.float64).reshape(shape)
    if len(shape) < 2:
        return raw * 0.4 + (1 if name.endswith(("weight", "gamma", "running_var")) else 0)
    return raw * (4 / math.sqrt(math.prod(shape[1:])))


def setting(text):
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def features(case):
    said, size = (part.split() for part in case.split("|"))
    arguments = dict(part.split("=", 1) for part in said[1:])
    model = timm.create_model(said[0], **{k.removeprefix("timm."): setting(v) for k, v in arguments.items()})
    model = model.double().eval()
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if tensor.is_floating_point():
                tensor.copy_(value(name, tensor.shape))
        shape = (2, 3, int(size[0]), int(size[1]))
        images = torch.tensor(numbers("images", math.prod(shape)), dtype=torch.float64).reshape(shape) * 4
        pooled = model.forward_head(model.forward_features(images), pre_logits=True)
    return pooled[1].flatten()[:6].tolist()


def main():
    for case in CASES.strip().splitlines():
        kept = " ".join(part for part in case.split() if not part.startswith("timm."))
        kept = kept.replace("=True", "=true").replace("''", "")
        print(kept, "|", " ".join(repr(f) for f in features(case)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
