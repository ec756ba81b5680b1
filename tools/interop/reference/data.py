"""Image folders: class = first folder level, sorted bytewise; images anywhere below it."""

import os

from PIL import Image, ImageOps
from torch.utils.data import Dataset

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp")


class ImageFolder(Dataset):
    """Pairs of `transform(image)` and class index; -1 where the folder has no classes."""

    def __init__(self, root, transform):
        self.root, self.transform = root, transform
        paths = sorted(_images(root), key=os.fsencode)
        folders = [path.split(os.sep)[0] if os.sep in path else None for path in paths]
        self.classes = sorted({folder for folder in folders if folder is not None}, key=os.fsencode)
        index = {name: i for i, name in enumerate(self.classes)}
        self.samples = [(path, index.get(folder, -1)) for path, folder in zip(paths, folders)]
        if not paths:
            raise ValueError(f"{root}: no images, expected files that end in {' '.join(SUFFIXES)}")

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, i):
        path, label = self.samples[i]
        with Image.open(os.path.join(self.root, path)) as image:
            return self.transform(ImageOps.exif_transpose(image).convert("RGB")), label


def _images(root):
    """Paths relative to `root`, hidden files and folders left out."""
    for folder, below, files in os.walk(root, followlinks=True):
        below[:] = [name for name in below if not name.startswith(".")]
        for name in files:
            if not name.startswith(".") and name.lower().endswith(SUFFIXES):
                yield os.path.relpath(os.path.join(folder, name), root)
