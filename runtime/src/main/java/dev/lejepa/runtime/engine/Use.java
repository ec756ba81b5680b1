package dev.lejepa.runtime.engine;

/// What a graph is loaded for.
public enum Use {
    /// Once in a while, with a batch of any size: nodes that the device has no kernel for may run on host cores.
    ANY,
    /// A step's stage: every node must have a kernel on the device.
    STEP,
    /// A step's stage that may be recorded and played again as a whole: it reads nothing on the host.
    STEP_ON_DEVICE_ALONE
}
