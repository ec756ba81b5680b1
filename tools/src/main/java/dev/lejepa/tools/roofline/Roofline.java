package dev.lejepa.tools.roofline;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lejepa.graphs.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// How long a step takes on a device if each kernel is as fast as its operations or its memory traffic allow, whichever
/// is slower, and each launch takes its time besides (S. Williams, A. Waterman, D. Patterson, 2009: Roofline).
///
/// @param device whose
/// @param classes all of them
public record Roofline(Device device, Map<OperatorClass, Sum> classes) {
    private static final String ROW = "  %-12s %8s %10s %10s %12s %12s %11s %11s %9s";

    /// What kernels add up to.
    ///
    /// @param seconds the sum over kernels of the longer of computing and moving, and of all launches
    /// @param computing seconds if memory were no bound
    /// @param moving seconds if operations were no bound
    /// @param launching seconds of launches
    public record Sum(
            double flops,
            long read,
            long written,
            long launches,
            double computing,
            double moving,
            double launching,
            double seconds) {
        static final Sum NONE = new Sum(0, 0, 0, 0, 0, 0, 0, 0);

        /// @param times how often the kernels are run
        static Sum of(NodeCost cost, Device device, int times) {
            var speed = device.speed();
            var computing = cost.computing(speed);
            var moving = cost.moving(speed);
            var launching = cost.launching(speed);
            return new Sum(
                    times * cost.flops(),
                    times * cost.read(),
                    times * cost.written(),
                    (long) times * cost.launches(),
                    times * computing,
                    times * moving,
                    times * launching,
                    times * (Math.max(computing, moving) + launching));
        }

        Sum plus(Sum other) {
            return new Sum(
                    flops + other.flops,
                    read + other.read,
                    written + other.written,
                    launches + other.launches,
                    computing + other.computing,
                    moving + other.moving,
                    launching + other.launching,
                    seconds + other.seconds);
        }

        /// Bytes that are read and written.
        public long bytes() {
            return read + written;
        }
    }

    /// @param stages of a step
    static Roofline of(Device device, List<StageCosts> stages) {
        var classes = new EnumMap<OperatorClass, Sum>(OperatorClass.class);
        Arrays.stream(OperatorClass.values()).forEach(c -> classes.put(c, Sum.NONE));
        for (var stage : stages) {
            for (var cost : stage.nodes()) {
                classes.merge(cost.kind(), Sum.of(cost, device, stage.runs()), Sum::plus);
            }
        }
        return new Roofline(device, classes);
    }

    /// All classes together.
    public Sum sum() {
        return classes.values().stream().reduce(Sum.NONE, Sum::plus);
    }

    /// The sum for people.
    public String inOneLine() {
        var s = sum();
        return Text.format(
                "%.1f ms by the roofline of %s: %.1f GB, %d launches",
                s.seconds() * 1e3, device.name(), s.bytes() / 1e9, s.launches());
    }

    /// A table for people.
    public List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add("a step on " + device.describe());
        lines.add(Text.format(
                ROW,
                "class",
                "launches",
                "GFLOP",
                "read, MB",
                "written, MB",
                "compute, ms",
                "memory, ms",
                "launch, ms",
                "ms"));
        classes.entrySet().stream()
                .filter(e -> e.getValue().launches() > 0)
                .forEach(e -> lines.add(row(e.getKey().word(), e.getValue())));
        lines.add(row("together", sum()));
        return lines;
    }

    private static String row(String name, Sum s) {
        return Text.format(
                ROW,
                name,
                s.launches(),
                Text.format("%.1f", s.flops() / 1e9),
                Text.format("%.1f", s.read() / 1e6),
                Text.format("%.1f", s.written() / 1e6),
                Text.format("%.3f", s.computing() * 1e3),
                Text.format("%.3f", s.moving() * 1e3),
                Text.format("%.3f", s.launching() * 1e3),
                Text.format("%.3f", s.seconds() * 1e3));
    }

    /// For scripts: `ms bytes flops launches classes`.
    public ObjectNode json() {
        var json = JsonNodeFactory.instance.objectNode().put("device", device.name());
        put(json, sum());
        var each = json.putObject("classes");
        classes.forEach((kind, sum) -> put(each.putObject(kind.word()), sum));
        return json;
    }

    /// To the nanosecond.
    private static double millis(double seconds) {
        return Math.rint(seconds * 1e9) / 1e6;
    }

    private static void put(ObjectNode json, Sum s) {
        json.put("ms", millis(s.seconds()))
                .put("bytes", s.bytes())
                .put("flops", s.flops())
                .put("launches", s.launches())
                .put("bytes_read", s.read())
                .put("bytes_written", s.written())
                .put("compute_ms", millis(s.computing()))
                .put("memory_ms", millis(s.moving()))
                .put("launch_ms", millis(s.launching()));
    }
}
