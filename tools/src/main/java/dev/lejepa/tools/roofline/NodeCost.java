package dev.lejepa.tools.roofline;

import dev.lejepa.graphs.cost.Speed;

/// What the kernels of a node do.
///
/// @param products floating-point operations of tensor cores on bfloat16
/// @param rounded floating-point operations of tensor cores on float32 as TF32
/// @param others all other floating-point operations
/// @param read bytes of memory
/// @param written bytes of memory
/// @param launches how many kernels
record NodeCost(
        OperatorClass kind, double products, double rounded, double others, long read, long written, int launches) {
    /// No kernel at all.
    static final NodeCost NOTHING = new NodeCost(OperatorClass.LAYOUT, 0, 0, 0, 0, 0, 0);

    /// One kernel that uses no tensor cores.
    static NodeCost simple(OperatorClass kind, double operations, long read, long written) {
        return new NodeCost(kind, 0, 0, operations, read, written, 1);
    }

    double flops() {
        return products + rounded + others;
    }

    long bytes() {
        return read + written;
    }

    /// Seconds that its operations take if memory is no bound.
    double computing(Speed speed) {
        return (products + 2 * rounded) / speed.products() + others / speed.others();
    }

    /// Seconds that its bytes take if operations are no bound.
    double moving(Speed speed) {
        return bytes() / speed.bytes();
    }

    double launching(Speed speed) {
        return launches * speed.launch();
    }
}
