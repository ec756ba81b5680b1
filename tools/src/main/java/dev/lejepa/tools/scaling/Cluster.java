package dev.lejepa.tools.scaling;

import dev.lejepa.graphs.cost.Speed;
import dev.lejepa.tools.run.Speeds;

/// Machines of equal devices, one process to each device.
///
/// @param perMachine devices of a machine
/// @param inside a machine, from each device
/// @param between machines, from each device
/// @param device how fast one computes
/// @param memory bytes of a device
/// @param overlapping whether a device computes while gradients are summed; host cores carry the bytes themselves
public record Cluster(int perMachine, Link inside, Link between, Speed device, long memory, boolean overlapping) {
    /// Links carry this part of what they nominally do when all talk at once.
    private static final double REACHED = 0.8;

    private static final double NVLINK_BYTES = 450e9;
    private static final double NETWORK_BYTES = 400e9 / 8;
    private static final double NVLINK_SECONDS = 3e-6;
    private static final double NETWORK_SECONDS = 8e-6;

    /// H100s of 80 GB, 8 to a machine, NVLink of 450 GB/s in each direction between these, and a network adapter of
    /// 400 Gb/s for each.
    public static Cluster h100() {
        return new Cluster(
                8,
                new Link(REACHED * NVLINK_BYTES, NVLINK_SECONDS),
                new Link(REACHED * NETWORK_BYTES, NETWORK_SECONDS),
                Speeds.H100,
                80_000_000_000L,
                true);
    }

    /// Processes on the cores of one machine: each computes with its part of them.
    ///
    /// @param device how fast all cores together compute
    /// @param link through the machine's memory, from each process
    /// @param processes on the machine
    /// @param memory bytes of the machine
    public static Cluster host(Speed device, Link link, int processes, long memory) {
        return new Cluster(processes, link, link, device.times(1.0 / processes), memory / processes, false);
    }

    /// The same with other devices.
    public Cluster with(Speed other) {
        return new Cluster(perMachine, inside, between, other, memory, overlapping);
    }

    /// How many machines so many processes take.
    int machines(int ranks) {
        return Math.ceilDiv(ranks, perMachine);
    }
}
