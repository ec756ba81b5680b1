package dev.lejepa.runtime.ort;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lejepa.graphs.ir.BFloat16;
import dev.lejepa.graphs.ir.Convolution.Conv;
import dev.lejepa.graphs.ir.Convolution.ConvDataGrad;
import dev.lejepa.graphs.ir.Convolution.ConvWeightsGrad;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Pool;
import dev.lejepa.graphs.ir.Pooling;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Window;
import dev.lejepa.graphs.onnx.Lowering;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.EngineOptions;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Computes convolutions and pooling of bfloat16 maps, forward and backward, on a device, and writes operands, results
/// and times for `tools/bench/cuda_convolutions.py`, which has torch compute the same.
final class ConvRuns {
    /// Nodes of a graph, which a run takes at once so that its own time does not count.
    private static final int NODES = 8;

    private static final int RUNS = 10;

    private final Path folder;
    private final Engine engine;
    private final Random random = new Random(11);
    private final ObjectMapper json = new ObjectMapper();
    private final ObjectNode cases = json.createObjectNode();

    private ConvRuns(Path folder, Engine engine) {
        this.folder = folder;
        this.engine = engine;
    }

    /// @param arguments a folder, a device, the number of images, and the divisor of the maps' sides (1 but for a try)
    public static void main(String... arguments) throws IOException {
        var images = Long.parseLong(arguments[2]);
        var divisor = Long.parseLong(arguments[3]);
        var folder = Files.createDirectories(Path.of(arguments[0]));
        var options = EngineOptions.of(2).withDeterminism(true);
        try (var engine = OrtEngine.open(arguments[1], options)) {
            var runs = new ConvRuns(folder, engine);
            runs.convolution("stem_7x7", Window.square(7, 2, 3), 1, maps(images, 224 / divisor, 3), 64);
            runs.convolution("patches_4x4", Window.square(4, 4, 0), 1, maps(images, 224 / divisor, 3), 96);
            runs.convolution("3x3_64", Window.square(3, 1, 1), 1, maps(images, 56 / divisor, 64), 64);
            runs.convolution("1x1_64_256", Window.square(1, 1, 0), 1, maps(images, 56 / divisor, 64), 256);
            runs.convolution("1x1_256_512_stride", Window.square(1, 2, 0), 1, maps(images, 56 / divisor, 256), 512);
            runs.convolution("3x3_512", Window.square(3, 1, 1), 1, maps(images, 7, 512), 512);
            runs.convolution("3x3_groups", Window.square(3, 2, 1), 8, maps(images, 56 / divisor, 128), 128);
            runs.convolution("7x7_depthwise", Window.square(7, 1, 3), 96, maps(images, 56 / divisor, 96), 96);
            runs.convolution("5x5_depthwise_stride", Window.square(5, 2, 2), 144, maps(images, 56 / divisor, 144), 144);
            runs.pool(
                    "max_pool",
                    new Pool(Window.square(3, 2, 1), false, ImageLayout.NHWC),
                    maps(images, 112 / divisor, 64));
            runs.json
                    .writerWithDefaultPrettyPrinter()
                    .writeValue(folder.resolve("cases.json").toFile(), runs.cases);
        }
    }

    private static Type maps(long images, long side, long channels) {
        return new Type(DType.BFLOAT16, Shape.of(images, side, side, channels));
    }

    private void convolution(String name, Window window, int groups, Type x, long filters) throws IOException {
        var c = cases.putObject(name);
        c.put("stride", window.height().stride())
                .put("padding", window.height().before())
                .put("groups", groups);
        var conv = new Conv(window, groups, ImageLayout.NHWC, DType.BFLOAT16);
        var kernel = window.height().kernel();
        var w = x.withShape(Shape.of(filters, x.shape().dim(3) / groups, kernel, kernel));
        var y = conv.infer(List.of(x, w)).getFirst();
        run(c.putObject("forward"), name + "-forward", conv, x, w);
        var maps = new ConvDataGrad(conv, x.shape().dim(1), x.shape().dim(2));
        run(c.putObject("maps"), name + "-maps", maps, y, w);
        run(c.putObject("filters"), name + "-filters", new ConvWeightsGrad(conv.to(DType.FLOAT32)), y, x);
    }

    private void pool(String name, Pool pool, Type x) throws IOException {
        var c = cases.putObject(name);
        c.put("stride", pool.window().height().stride())
                .put("padding", pool.window().height().before())
                .put("window", pool.window().height().kernel());
        var max = new Pooling.MaxPool(pool);
        run(c.putObject("forward"), name + "-forward", max, x);
        var y = max.infer(List.of(x)).getFirst();
        run(c.putObject("maps"), name + "-maps", new Pooling.MaxPoolGrad(pool), y, x);
    }

    /// Runs a graph of several nodes that differ in their last operand; operands and result of the first are kept.
    private void run(ObjectNode out, String name, Op op, Type... operands) throws IOException {
        var graph = new Graph(name);
        var last = operands.length - 1;
        var shared = operands.length == 1 ? null : graph.input("x", operands[0]);
        var tensors = new ArrayList<DeviceTensor>();
        if (shared != null) {
            tensors.add(tensor(name, "x", operands[0], true));
        }
        for (var i = 0; i < NODES; i++) {
            var own = graph.input("x" + i, operands[last]);
            tensors.add(tensor(name, "x" + i, operands[last], i == 0));
            graph.output("y" + i, (shared == null ? graph.apply(op, own) : graph.apply(op, shared, own)).getFirst());
        }
        var model = Lowering.lower(graph, engine.target(), Map.of()).proto().toByteArray();
        try (var loaded = engine.load(name, model);
                var binding = loaded.bind()) {
            tensors.forEach(t -> binding.input(t.name(), t));
            graph.outputs().forEach((label, v) -> {
                var y = engine.allocate(label, v.type().dtype(), v.shape().dims());
                tensors.add(y);
                binding.output(label, y);
            });
            binding.run();
            var y = tensors.stream()
                    .filter(t -> t.name().equals("y0"))
                    .findFirst()
                    .orElseThrow();
            var first = bytes(y);
            var best = Long.MAX_VALUE;
            for (var i = 0; i < RUNS; i++) {
                var start = System.nanoTime();
                binding.run();
                best = Math.min(best, System.nanoTime() - start);
            }
            out.put("us", best / 1e3 / NODES);
            out.put("sameBits", Arrays.equals(first, bytes(y)));
            out.set("shape", json.valueToTree(y.shape()));
            Files.write(folder.resolve(name + "-y"), first);
        } finally {
            tensors.forEach(DeviceTensor::close);
        }
        System.out.printf("%s %s%n", name, out);
    }

    private DeviceTensor tensor(String name, String label, Type type, boolean kept) throws IOException {
        var bytes = new byte[Math.toIntExact(2 * type.shape().size())];
        for (var i = 0; i < bytes.length; i += 2) {
            var bits = BFloat16.bits((float) random.nextGaussian());
            bytes[i] = (byte) bits;
            bytes[i + 1] = (byte) (bits >> 8);
        }
        var tensor = engine.allocate(label, type.dtype(), type.shape().dims());
        tensor.copyFrom(MemorySegment.ofArray(bytes));
        if (kept) {
            Files.write(folder.resolve(name + "-" + label), bytes);
        }
        return tensor;
    }

    private static byte[] bytes(DeviceTensor t) {
        var all = new byte[Math.toIntExact(t.byteSize())];
        t.copyTo(MemorySegment.ofArray(all));
        return all;
    }
}
