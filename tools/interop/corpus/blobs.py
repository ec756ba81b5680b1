"""Pictures for lossy formats, and what saves them."""
import io

import numpy as np
from PIL import Image

SIZES = [(1, 1), (2, 3), (7, 9), (8, 8), (15, 17), (16, 16), (17, 15), (33, 31), (64, 40), (45, 1), (1, 45)]


def picture(width, height, seed=0, mode='RGB'):
    """Smooth blobs with some noise: every block differs and codecs have something to do."""
    rng = np.random.default_rng([seed, width, height])
    small = Image.fromarray(rng.integers(0, 256, (6, 6, 3), dtype=np.uint8))
    big = np.asarray(small.resize((width, height), Image.BICUBIC)).astype(int)
    noisy = np.clip(big + rng.integers(-12, 13, big.shape), 0, 255).astype(np.uint8)
    image = Image.fromarray(noisy)
    if mode == 'RGBA':
        image.putalpha(Image.fromarray(rng.integers(0, 256, (3, 3), dtype=np.uint8)).resize((width, height)))
        return image
    return image.convert(mode)


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
