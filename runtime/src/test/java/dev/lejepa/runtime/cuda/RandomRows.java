package dev.lejepa.runtime.cuda;

import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Activation;
import dev.lejepa.graphs.ir.BFloat16;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Node;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.passes.RowFusion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/// A graph that follows from a number alone: elementary functions, GELU, norms, products, roundings and sums over rows
/// in random order, of random operands and shapes. Functions are of arguments for which float32 is no trouble.
final class RandomRows {
    /// Elements of a tensor, at most but for a single long row.
    private static final int MOST = 12_000;

    private static final int LONGEST = 1100;

    /// Rows as networks have them, around the places where a warp and then more of them share one, and the longest.
    private static final int[] KNOWN = {4, 8, 16, 96, 128, 192, 384, 768, 1020, 1024, 1028, 1408, 2052, 4096};

    private final Random random;
    private final Graph graph = new Graph("random");
    private final Map<String, NdArray> fed = new LinkedHashMap<>();
    private final long[] dims;
    /// Values in float32 that have the rows' shape.
    private final List<Value> rows = new ArrayList<>();

    private final List<Value> sums = new ArrayList<>();

    /// @param fed inputs by name
    record Drawn(Graph graph, Map<String, NdArray> fed) {
        /// The formulas that become of it, each with the operands that it gets, rounded to what their tensors hold.
        List<RowCases.Case> formulas(String what) {
            var fused = RowFusion.apply(graph);
            var found = fused.nodes().stream()
                    .filter(n -> n.op() instanceof Rewritten.Rows)
                    .toList();
            var wanted = found.stream().flatMap(n -> n.inputs().stream()).toList();
            var values = Interpreter.evaluate(fused, fed, wanted).iterator();
            return IntStream.range(0, found.size())
                    .mapToObj(i -> formula(what + ", formula " + i, found.get(i), values))
                    .toList();
        }

        private static RowCases.Case formula(String what, Node node, Iterator<NdArray> values) {
            var alone = new Graph("formula");
            var operands = new LinkedHashMap<String, NdArray>();
            var inputs = new ArrayList<Value>();
            for (var v : node.inputs()) {
                var name = "x" + inputs.size();
                inputs.add(alone.input(name, v.type()));
                operands.put(name, stored(values.next(), v.type().dtype()));
            }
            var results = alone.apply(node.op(), inputs);
            results.forEach(r -> alone.output("y" + alone.outputs().size(), r));
            return RowCases.of(what, alone, operands);
        }

        static NdArray stored(NdArray exact, DType type) {
            var data = exact.data();
            var rounded = new double[data.length];
            for (var i = 0; i < data.length; i++) {
                rounded[i] = type == DType.BFLOAT16 ? BFloat16.round((float) data[i]) : (float) data[i];
            }
            return NdArray.of(exact.shape(), rounded);
        }
    }

    /// Operands that there are before all, instead of new ones; none where there are no such.
    private final List<Value> given = new ArrayList<>();

    private RandomRows(Random random, long[] dims) {
        this.random = random;
        this.dims = dims;
    }

    /// Of formulas that need one element at a time, as behind a product that the same kernel computes. They read what is
    /// there before the product is.
    ///
    /// @param dims of the rows
    static RandomRows behindProduct(Random random, long... dims) {
        var drawn = new RandomRows(random, dims);
        for (var i = 0; i < 3; i++) {
            var type = random.nextBoolean() ? DType.FLOAT32 : DType.BFLOAT16;
            drawn.given.add(drawn.normal(type, i == 0 ? new long[] {drawn.columns()} : dims));
        }
        return drawn;
    }

    static Drawn of(long seed) {
        var random = new Random(seed);
        var drawn = new RandomRows(random, dims(random));
        return drawn.from(drawn.operand());
    }

    /// The graph so far.
    Graph graph() {
        return graph;
    }

    /// Goes on from a value of the rows' shape.
    Drawn from(Value first) {
        rows.add(first);
        return draw();
    }

    private static long[] dims(Random random) {
        var columns = switch (random.nextInt(10)) {
            case 0 -> 1 + random.nextInt(LONGEST); // three in four of them have no formula
            case 1, 2 -> KNOWN[random.nextInt(KNOWN.length)];
            case 3, 4, 5 -> 4 * (1 + random.nextInt(LONGEST / 4));
            default -> 8 * (1 + random.nextInt(LONGEST / 8));
        };
        var rank = 1 + random.nextInt(4);
        var dims = new long[rank];
        dims[rank - 1] = columns;
        var left = Math.max(1, MOST / columns);
        for (var axis = 0; axis < rank - 1; axis++) {
            var most = axis == rank - 2 ? left : (int) Math.ceil(Math.sqrt(left));
            dims[axis] = 1 + random.nextInt(most);
            left /= (int) dims[axis];
        }
        return dims;
    }

    private Drawn draw() {
        for (var steps = 2 + random.nextInt(14); steps > 0; steps--) {
            step();
        }
        var results = 0;
        for (var v : rows) {
            if (v == rows.getLast() || results < 4 && random.nextInt(6) == 0) {
                graph.output("y" + results++, random.nextBoolean() ? v : v.cast(DType.BFLOAT16));
            }
        }
        for (var s : sums) {
            graph.output("sum" + results++, s);
        }
        return new Drawn(graph, fed);
    }

    private void step() {
        var x = any();
        var kind = random.nextInt(26);
        switch (!given.isEmpty() && (kind == 21 || kind == 22) ? 14 : kind) {
            case 0 -> rows.add(x.neg());
            case 1 -> rows.add(x.abs());
            case 2 -> rows.add(x.relu());
            case 3 -> rows.add(x.sin());
            case 4 -> rows.add(x.cos().exp());
            case 5 -> rows.add(x.erf());
            case 6 -> rows.add(x.square().add(1).log());
            case 7 -> rows.add(x.abs().add(0.5).sqrt().reciprocal());
            case 8 -> rows.add(x.mul(random.nextGaussian()));
            case 9 -> rows.add(x.sign());
            case 10 -> rows.add(x.add(any()));
            case 11 -> rows.add(x.sub(any()));
            case 12 -> rows.add(x.div(any().abs().add(0.25)));
            case 13 -> rows.add(x.add(operand()));
            case 14, 15 -> rows.add(x.mul(factor()));
            case 16, 17 -> rows.add(x.cast(DType.BFLOAT16).cast(DType.FLOAT32));
            case 18 -> narrow(x);
            case 19 -> rows.add(x.gelu());
            case 20 -> rows.add(graph.apply(new Activation.GeluGrad(), any(), x).getFirst());
            case 21 -> norm(x);
            case 22 -> product();
            default -> sum(x);
        }
    }

    private Value any() {
        var last = given.isEmpty() ? 0 : random.nextInt(rows.size()); // a long way from the product
        return rows.get(Math.max(last, random.nextInt(rows.size())));
    }

    /// Computed in bfloat16.
    private void narrow(Value x) {
        var y = x.cast(DType.BFLOAT16).mul(any().cast(DType.BFLOAT16));
        rows.add(y.cast(DType.FLOAT32));
    }

    private void norm(Value x) {
        var scale = normal(DType.FLOAT32, columns());
        if (random.nextBoolean()) {
            var result = random.nextBoolean() ? DType.FLOAT32 : DType.BFLOAT16;
            var norm = graph.apply(new Norm.LayerNorm(1e-5, result), x, scale, normal(DType.FLOAT32, columns()));
            rows.add(result == DType.FLOAT32 ? norm.getFirst() : norm.getFirst().cast(DType.FLOAT32));
            if (random.nextBoolean()) {
                graph.output("mean" + fed.size(), norm.get(1));
                graph.output("inverse" + fed.size(), norm.get(2));
            }
        } else {
            var statistics = dims.clone();
            statistics[statistics.length - 1] = 1;
            var mean = normal(DType.FLOAT32, statistics);
            var inverse = normal(DType.FLOAT32, statistics);
            var gradients = graph.apply(new Norm.LayerNormGrad(), any(), x, scale, mean, inverse);
            rows.add(gradients.getFirst());
            sums.addAll(gradients.subList(1, 3));
        }
    }

    /// A product with a bias that is added where it is read, its rows perhaps laid out in more axes.
    private void product() {
        var n = size() / columns();
        var a = normal(DType.FLOAT32, n, 3); // one of bfloat16 is rounded twice in a formula
        var b = normal(DType.FLOAT32, 3, columns());
        var y = random.nextBoolean()
                ? a.gemm(b, false, false)
                : a.gemm(b, false, false, normal(DType.FLOAT32, columns()));
        rows.add(y.reshape(dims));
    }

    private void sum(Value x) {
        if (dims.length > 1 && sums.size() < 7) {
            var axes = IntStream.range(0, dims.length - 1).toArray();
            sums.add(x.sum(random.nextBoolean(), axes));
        }
    }

    /// Of the rows' shape, in either type.
    private Value operand() {
        if (!given.isEmpty()) {
            return given.get(random.nextInt(given.size())).cast(DType.FLOAT32);
        }
        return random.nextBoolean()
                ? normal(DType.FLOAT32, dims)
                : normal(DType.BFLOAT16, dims).cast(DType.FLOAT32);
    }

    /// Broadcast along random axes, and perhaps without the first ones.
    private Value factor() {
        if (!given.isEmpty()) {
            return operand();
        }
        var own = dims.clone();
        for (var i = 0; i < own.length; i++) {
            own[i] = random.nextBoolean() ? 1 : own[i];
        }
        own = Arrays.copyOfRange(own, random.nextInt(own.length + 1), own.length);
        return random.nextInt(3) == 0 ? normal(DType.BFLOAT16, own).cast(DType.FLOAT32) : normal(DType.FLOAT32, own);
    }

    private long columns() {
        return dims[dims.length - 1];
    }

    private long size() {
        return Arrays.stream(dims).reduce(1, Math::multiplyExact);
    }

    private Value normal(DType type, long... shape) {
        return input(
                type,
                () -> {
                    var x = (float) random.nextGaussian();
                    return type == DType.BFLOAT16 ? BFloat16.round(x) : x;
                },
                shape);
    }

    /// A new input.
    Value input(DType type, DoubleSupplier number, long... shape) {
        var of = Shape.of(shape);
        var data = new double[Math.toIntExact(of.size())];
        Arrays.setAll(data, _ -> number.getAsDouble());
        var name = "in" + fed.size();
        fed.put(name, NdArray.of(of, data));
        return graph.input(name, new Type(type, of));
    }
}
