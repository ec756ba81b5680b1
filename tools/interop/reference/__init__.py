"""LeJEPA in PyTorch, timm and torchvision: the oracle that runs are compared with."""
