"""The pictures that the files hold: smooth, so that lossy formats say something, with noise, so that every bit counts."""
import numpy as np
from PIL import Image


def rgb(width=23, height=17, seed=0):
    y, x = np.mgrid[0:height, 0:width]
    noise = np.random.default_rng(seed).integers(0, 48, (height, width, 3))
    smooth = np.stack([200 * x // max(1, width - 1), 200 * y // max(1, height - 1), 100 + 100 * np.sin(x / 3 + y / 5)], 2)
    return np.clip(smooth + noise, 0, 255).astype(np.uint8)


def image(mode="RGB", width=23, height=17, seed=0):
    picture = Image.fromarray(rgb(width, height, seed))
    if mode == "RGBA":
        picture.putalpha(Image.fromarray(rgb(width, height, seed + 1)[:, :, 0]))
    elif mode == "LA":
        picture = picture.convert("LA")
        picture.putalpha(Image.fromarray(rgb(width, height, seed + 1)[:, :, 0]))
    elif mode == "P":
        picture = picture.quantize(64)
    elif mode != "RGB":
        picture = picture.convert(mode)
    return picture
