"""The learning rate as a pure function of the step."""

import math


def rate(step, base, final, start, warmup, total):
    """Linear warm-up from `start * base`, then a cosine down to `final * base`; `step` counts from 0."""
    if step < warmup:
        return base * (start + (1 - start) * step / warmup)
    return base * (final + (1 - final) * (1 + math.cos(math.pi * (step - warmup) / (total - warmup))) / 2)
