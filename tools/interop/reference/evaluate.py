"""What an encoder is worth: the online probe, logistic regression and nearest neighbours on frozen features."""

import warnings

import numpy as np
import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from torch import nn

STRENGTHS = (0.001, 0.01, 0.1)
NEIGHBOURS = 20


@torch.no_grad()
def online_probe(network, loader, device):
    """(top-1, mean cross-entropy) of the probe that was trained beside the network."""
    network.eval()
    right = loss = rows = 0
    for images, labels in loader:
        labels = labels.to(device)
        logits = network.probe(network.backbone(images.to(device))).float()
        loss += nn.functional.cross_entropy(logits, labels, reduction="sum").item()
        right += (logits.argmax(1) == labels).sum().item()
        rows += len(labels)
    network.train()
    return right / rows, loss / rows


@torch.no_grad()
def features(backbone, loader, device):
    """Pooled features after the final norm, before any head, and labels: `[images, width]`, `[images]`."""
    backbone.eval()
    rows, targets = [], []
    for images, labels in loader:
        tokens = backbone.forward_features(images.to(device))
        rows.append(backbone.forward_head(tokens, pre_logits=True).float().cpu().numpy())
        targets.append(labels.numpy())
    backbone.train()
    return np.concatenate(rows), np.concatenate(targets)


def linear_probe(train, test):
    """Best test top-1 over the strengths of a logistic regression on standardised features, and all of them."""
    scaler = StandardScaler().fit(train[0])
    x, y = scaler.transform(train[0]), scaler.transform(test[0])
    scores = {}
    for strength in STRENGTHS:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            classifier = LogisticRegression(C=strength, max_iter=1000).fit(x, train[1])
        scores[strength] = float(classifier.score(y, test[1]))
    return max(scores.values()), scores


def nearest_neighbours(train, test, k=NEIGHBOURS):
    """Top-1 of the majority among the `k` most similar training images (cosine)."""
    reference, rows = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (train[0], test[0]))
    classes = int(train[1].max()) + 1
    right = 0
    for start in range(0, len(rows), 1024):
        similarity = rows[start : start + 1024] @ reference.T
        nearest = np.argpartition(-similarity, k, axis=1)[:, :k]
        votes = np.zeros((len(nearest), classes))
        np.add.at(votes, (np.arange(len(nearest))[:, None], train[1][nearest]), 1.0)
        right += (votes.argmax(1) == test[1][start : start + 1024]).sum()
    return float(right / len(rows))


def report(train, test):
    """All figures of frozen features."""
    best, scores = linear_probe(train, test)
    return {
        "linear_top1": round(best, 4),
        "linear_top1_by_c": {str(c): round(score, 4) for c, score in scores.items()},
        "knn20_top1": round(nearest_neighbours(train, test), 4),
    }
