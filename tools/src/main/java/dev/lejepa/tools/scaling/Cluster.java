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

    private static final int H100_PER_MACHINE = 8;

    /// A second in each direction, nominally.
    public static final double NVLINK_BYTES = 450e9;

    /// Of a network adapter of 400 Gb/s.
    public static final double NETWORK_BYTES = 400e9 / 8;

    private static final double NVLINK_SECONDS = 3e-6;
    private static final double NETWORK_SECONDS = 8e-6;

    /// H100s of 80 GB, 8 to a machine, NVLink of 450 GB/s in each direction between these, and a network adapter of
    /// 400 Gb/s for each.
    public static Cluster h100() {
        return new Cluster(
                H100_PER_MACHINE,
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

    /// The same with so many devices to a machine.
    public Cluster withMachines(int devices) {
        return new Cluster(devices, inside, between, device, memory, overlapping);
    }

    /// The same with links of these nominal speeds.
    ///
    /// @param insideBytes a second in each direction
    /// @param betweenBytes likewise
    public Cluster withLinks(double insideBytes, double betweenBytes) {
        return new Cluster(
                perMachine,
                new Link(REACHED * insideBytes, inside.latency()),
                new Link(REACHED * betweenBytes, between.latency()),
                device,
                memory,
                overlapping);
    }

    /// The same with other matrix products.
    ///
    /// @param products floating-point operations of a device in a second
    public Cluster withProducts(double products) {
        var speed = new Speed(products, device.others(), device.bytes(), device.launch());
        return new Cluster(perMachine, inside, between, speed, memory, overlapping);
    }

    /// The same with other memory.
    ///
    /// @param bytes of a device
    public Cluster withMemory(long bytes) {
        return new Cluster(perMachine, inside, between, device, bytes, overlapping);
    }

    /// How many machines so many processes take.
    int machines(int ranks) {
        return Math.ceilDiv(ranks, perMachine);
    }
}
