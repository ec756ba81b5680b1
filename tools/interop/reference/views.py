"""The augmented views of an image, on PIL images until they are normalised."""

import torch
from torchvision import transforms as T
from torchvision.transforms import InterpolationMode


class MultiCrop:
    """An image to its global crops `[G, 3, size, size]` and its local crops (None where there are none)."""

    def __init__(self, views):
        self.kinds = [(views[kind]["count"], _augmentation(views, views[kind])) for kind in ("global", "local")]

    def __call__(self, image):
        return tuple(torch.stack([one(image) for _ in range(n)]) if n else torch.empty(0) for n, one in self.kinds)


def _augmentation(views, crop):
    if not crop["count"]:
        return None
    jitter, blur, solarize = views["jitter"], views["blur"], views["solarize"]
    strengths = [jitter[name] for name in ("brightness", "contrast", "saturation", "hue")]
    steps = [
        T.RandomResizedCrop(crop["size"], crop["scale"], views["ratio"], InterpolationMode.BILINEAR),
        T.RandomHorizontalFlip(views["flip"]),
        T.RandomApply([T.ColorJitter(*strengths)], jitter["p"]),
        T.RandomGrayscale(views["grayscale"]),
    ]
    if blur["p"] > 0:
        steps.append(T.RandomApply([T.GaussianBlur(blur["kernel"], blur["sigma"])], blur["p"]))
    steps.append(T.RandomSolarize(solarize["threshold"], solarize["p"]))
    return T.Compose([*steps, *_normalized(views)])


def evaluation(views, size):
    """Shorter side to `size`, centre crop; a pair of height and width is resized to its larger side first."""
    side = size if isinstance(size, int) else max(size)
    return T.Compose([T.Resize(side, InterpolationMode.BILINEAR), T.CenterCrop(size), *_normalized(views)])


def _normalized(views):
    return [T.ToTensor(), T.Normalize(views["mean"], views["std"])]
