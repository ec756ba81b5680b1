#!/usr/bin/env python3
"""Times torchvision v2 from image files to views, on one thread: what `lejepa bench data --threads 1` times.

Both end with bytes, as the graphs of LeJEPA normalize them; --normalize adds what PyTorch's loaders usually do beyond that.
Prints one JSON object: decode_per_s, views_per_s, in the fastest pass over the images.
"""

import argparse
import itertools
import json
import math
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "interop"))

SAMPLE = 256  # images, as the other side
WARMUP = 1.0
SECONDS = 0.3
ROUNDS = 4


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, metavar="DIR", help="folder of images")
    parser.add_argument("--recipe", metavar="R.yaml", help="how views are made (default: the recipe of all defaults)")
    parser.add_argument("--path", choices=("pil", "tensor"), default="pil", help="what images are until they are views")
    parser.add_argument("--normalize", action="store_true", help="end with normalized float32")
    return parser.parse_args()


def augmentation(views, crop, normalize):
    import torch
    from torchvision.transforms import v2

    jitter, blur, solarize = views["jitter"], views["blur"], views["solarize"]
    strengths = [jitter[name] for name in ("brightness", "contrast", "saturation", "hue")]
    steps = [
        v2.RandomResizedCrop(crop["size"], crop["scale"], views["ratio"], antialias=True),
        v2.RandomHorizontalFlip(views["flip"]),
        v2.RandomApply([v2.ColorJitter(*strengths)], jitter["p"]),
        v2.RandomGrayscale(views["grayscale"]),
        v2.RandomSolarize(solarize["threshold"], solarize["p"]),
    ]
    if blur["p"] > 0:
        steps.insert(4, v2.RandomApply([v2.GaussianBlur(blur["kernel"], blur["sigma"])], blur["p"]))
    steps.append(v2.ToImage())
    if normalize:
        steps += [v2.ToDtype(torch.float32, scale=True), v2.Normalize(views["mean"], views["std"])]
    return v2.Compose(steps)


def decoder(path):
    if path == "pil":
        from PIL import Image

        return lambda file: Image.open(file).convert("RGB")
    from torchvision.io import ImageReadMode, decode_image, read_file

    return lambda file: decode_image(read_file(file), ImageReadMode.RGB)


def rate(work, items):
    """Things done per second, in the fastest round: all items, once or several times."""
    times, start = 0, time.perf_counter()
    for item in itertools.cycle(items):
        if time.perf_counter() - start > WARMUP:
            break
        work(item)
        times += 1
    passes = max(1, math.ceil(SECONDS * times / WARMUP / len(items)))
    best = 0.0
    for _ in range(ROUNDS):
        start = time.perf_counter()
        done = sum(work(item) for _ in range(passes) for item in items)
        best = max(best, done / (time.perf_counter() - start))
    return best


def main():
    args = arguments()
    import torch
    from reference import data, recipe

    torch.set_num_threads(1)
    torch.manual_seed(0)
    views = recipe.load(args.recipe)["views"]
    kinds = [(views[kind]["count"], augmentation(views, views[kind], args.normalize)) for kind in ("global", "local")]
    files = [str(pathlib.Path(args.data, path)) for path, _ in data.ImageFolder(args.data, None).samples]
    files = files[:: max(1, len(files) // SAMPLE)][:SAMPLE]
    decode = decoder(args.path)

    def make(file):
        image = decode(file)
        return sum(len([one(image) for _ in range(count)]) for count, one in kinds)

    def only_decode(file):
        decode(file)
        return 1

    result = {"decode_per_s": rate(only_decode, files), "views_per_s": rate(make, files)}
    print(json.dumps({key: round(value, 1) for key, value in result.items()}))


if __name__ == "__main__":
    main()
