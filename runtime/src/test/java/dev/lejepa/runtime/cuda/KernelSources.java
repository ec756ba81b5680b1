package dev.lejepa.runtime.cuda;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.onnx.UpdateFormula;
import dev.lejepa.graphs.onnx.UpdateFormula.Update;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Writes kernels at the sizes of a ViT's step for the scripts `tools/bench/cuda_*.py`, which run them on a device:
/// sources, and `cases.json`, `products.json` and `updates.json`, which say how they are called.
final class KernelSources {
    /// Sizes that stand for the step's while a formula is made: images, tokens, width.
    private static final long N = 3;

    private static final long T = 5;
    private static final long C = 8;

    private final Path folder;
    private final Map<Long, Long> sizes;
    private final ObjectMapper json = new ObjectMapper();
    private final ArrayNode cases = json.createArrayNode();

    private KernelSources(Path folder, Map<Long, Long> sizes) {
        this.folder = folder;
        this.sizes = sizes;
    }

    /// @param arguments a folder, images, tokens, width, blocks of the ViT
    public static void main(String... arguments) throws IOException {
        var n = Long.parseLong(arguments[1]);
        var t = Long.parseLong(arguments[2]);
        var c = Long.parseLong(arguments[3]);
        var sources = new KernelSources(
                Files.createDirectories(Path.of(arguments[0])),
                Map.of(N, n, T, t, C, c, 1L, 1L, N * T, n * t, 3 * C, 3 * c, 4 * C, 4 * c));
        sources.add("residual_norm", RowCases.residual(N, T, C));
        sources.add("norm_gradient", RowCases.residualGradient(N, T, C));
        sources.add("bias", RowCases.bias(N * T, 3 * C));
        sources.add("gelu", RowCases.gelu(N * T, 4 * C));
        sources.add("gelu_gradient", RowCases.geluGradient(N * T, 4 * C));
        sources.write("cases.json", sources.cases);
        sources.products(n * t, c);
        sources.updates(Map.of(
                "vit", UpdateCases.ofBlocks(c, Integer.parseInt(arguments[4])), "odd_sizes", UpdateCases.random(0)));
    }

    private void write(String name, ArrayNode content) throws IOException {
        json.writerWithDefaultPrettyPrinter().writeValue(folder.resolve(name).toFile(), content);
    }

    /// The products of a perceptron that have a formula: forward with GELU, backward with its gradient.
    private void products(long rows, long width) throws IOException {
        var all = json.createArrayNode();
        var shape = new ProductShape(rows, 4 * width, width);
        for (var c : Map.of(
                        "gelu_product", ProductCases.gelu(N, C, C, true),
                        "gelu_gradient_product", ProductCases.geluGradient(N, C, C))
                .entrySet()) {
            var formula = c.getValue().formula();
            var source = ProductCode.source(formula, shape, c.getValue().isRow());
            Files.writeString(folder.resolve(c.getKey() + ".cu"), source, StandardCharsets.UTF_8);
            var launch = shape.launch(1 << 20);
            all.addObject()
                    .put("name", c.getKey())
                    .put("rows", shape.rows())
                    .put("columns", shape.columns())
                    .put("depth", shape.depth())
                    .put("transB", formula.transB())
                    .put("mostBlocks", launch.gridX())
                    .put("threads", launch.threads())
                    .put("sharedBytes", launch.sharedBytes())
                    .put("tilesDown", shape.tilesDown());
        }
        write("products.json", all);
    }

    private void updates(Map<String, Graph> optimizers) throws IOException {
        var all = json.createArrayNode();
        for (var o : optimizers.entrySet()) {
            var formula = UpdateCases.formula(o.getValue());
            var sizes = UpdateCases.operands(o.getValue()).stream()
                    .map(v -> v.shape().size())
                    .toList();
            var node = all.addObject().put("name", o.getKey());
            for (var part : UpdateKernel.parts(formula.updates())) {
                update(node.withArray("launches").addObject(), o.getKey(), formula, part, sizes);
            }
        }
        write("updates.json", all);
    }

    /// One launch.
    ///
    /// @param sizes of the formula's operands
    private void update(ObjectNode node, String name, UpdateFormula formula, List<Update> part, List<Long> sizes)
            throws IOException {
        var settings = UpdateCode.settings(part);
        var grid = UpdateGrid.of(part.stream().map(u -> sizes.get(u.weight())).toList());
        var file = name + part.getFirst().weight() + ".cu";
        Files.writeString(folder.resolve(file), UpdateCode.source(part), StandardCharsets.UTF_8);
        node.put("source", file).put("kernel", UpdateCode.NAME);
        node.put("blocks", grid.blocks()).put("threads", UpdateGrid.THREADS);
        for (var s : settings) {
            node.withArray("settings")
                    .addObject()
                    .put("oneMinusBeta1", s.oneMinusBeta1())
                    .put("oneMinusBeta2", s.oneMinusBeta2())
                    .put("epsilon", s.epsilon())
                    .put("weightDecay", s.weightDecay());
        }
        for (var i = 0; i < part.size(); i++) {
            var u = part.get(i);
            node.withArray("updates")
                    .addObject()
                    .put("size", sizes.get(u.weight()))
                    .put("first", grid.first().get(i))
                    .put("settings", settings.indexOf(u.settings()))
                    .put("narrow", formula.inputs().get(u.gradient()) == DType.BFLOAT16)
                    .put("copied", u.copied())
                    .put("inPlace", i % 2 == 0);
        }
    }

    private void add(String name, RowCases.Case c) throws IOException {
        var formula = c.formula();
        var shapes =
                c.rows().inputs().stream().map(v -> large(v.shape().dims())).toList();
        var shape = RowShape.of(shapes);
        var grid = RowGrid.of(formula, shape);
        Files.writeString(folder.resolve(name + ".cu"), RowModules.source(formula, shape), StandardCharsets.UTF_8);
        var node = cases.addObject();
        node.put("name", name);
        node.put("kernel", RowCode.name(formula));
        node.put("blocks", grid.blocks());
        node.put("threads", grid.threads());
        node.put("columns", shape.columns());
        for (var i = 0; i < shapes.size(); i++) {
            var v = c.rows().inputs().get(i);
            tensor(node.withArray("inputs").addObject(), formula.inputs().get(i), shapes.get(i))
                    .put("place", List.copyOf(c.fused().inputs().values()).indexOf(v));
        }
        for (var r : formula.results()) {
            tensor(node.withArray("outputs").addObject(), r.type(), RowResults.shape(formula, shape, r.register()))
                    .put("sum", RowSteps.sums(formula).indexOf(r.register()));
        }
        node.put("sums", RowSteps.sums(formula).size());
    }

    private long[] large(long[] dims) {
        return Arrays.stream(dims).map(sizes::get).toArray();
    }

    private static ObjectNode tensor(ObjectNode node, DType type, long[] dims) {
        node.put("type", type.label());
        List.of(Arrays.stream(dims).boxed().toArray(Long[]::new)).forEach(node.withArray("shape")::add);
        return node;
    }
}
