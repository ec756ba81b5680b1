package dev.lejepa.tools.scaling;

/// How long processes take for what they do together, with the algorithms of collective libraries: rings in a machine,
/// and between machines a ring or a tree, whichever is faster, of each device's own part.
///
/// @param ranks how many processes take part, in as few machines as hold them
record Collectives(Cluster cluster, int ranks) {
    /// Sums numbers of all processes, at all of them: each machine adds up, a part at each of its devices; these parts
    /// are summed between machines; each machine gathers the sums.
    ///
    /// @param bytes of the numbers at each process
    /// @return seconds
    double allReduce(double bytes) {
        return 2 * ring(cluster.inside(), local(), bytes) + between(bytes / local());
    }

    /// Puts the rows of all processes together, at all of them: each device gathers from its peers in other machines,
    /// then each machine exchanges what its devices have.
    ///
    /// @param bytes of all rows together
    /// @return seconds
    double allGather(double bytes) {
        return ring(cluster.between(), cluster.machines(ranks), bytes / local())
                + ring(cluster.inside(), local(), bytes);
    }

    /// Processes of a machine.
    private int local() {
        return Math.min(ranks, cluster.perMachine());
    }

    private double between(double bytes) {
        var machines = cluster.machines(ranks);
        var ring = 2 * ring(cluster.between(), machines, bytes);
        var tree = machines == 1 ? 0 : cluster.between().seconds(2 * bytes, 2 * Math.ceil(log2(machines)));
        return Math.min(ring, tree);
    }

    /// Once around: each of `members` sends all but its own part to its neighbor, a part at a time.
    private static double ring(Link link, int members, double bytes) {
        return link.seconds(bytes * (members - 1) / members, members - 1);
    }

    private static double log2(int n) {
        return Math.log(n) / Math.log(2);
    }
}
