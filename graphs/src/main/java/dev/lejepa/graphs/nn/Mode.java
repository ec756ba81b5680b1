package dev.lejepa.graphs.nn;

/// Whether layers that behave differently in training (BatchNorm, drop path) train or evaluate.
public enum Mode {
    TRAIN,
    EVALUATE
}
