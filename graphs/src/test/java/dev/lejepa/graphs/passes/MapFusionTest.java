package dev.lejepa.graphs.passes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.lejepa.graphs.interpret.Interpreter;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Window;
import dev.lejepa.graphs.nn.BatchNorm2d;
import dev.lejepa.graphs.nn.Conv2d;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Mode;
import dev.lejepa.graphs.nn.Scope;
import dev.lejepa.graphs.programs.TrainGraph;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MapFusionTest {
    @Test
    void aResidualBlockIsWhatItWas() {
        var whole = block();
        var joined = DeadValues.remove(MapFusion.apply(whole));
        var fed = new HashMap<String, NdArray>();
        var random = new Random(3);
        whole.inputs().forEach((name, v) -> fed.put(name, drawn(v.type(), random)));
        var expected = Interpreter.evaluate(whole, fed);
        var found = Interpreter.evaluate(joined, fed);
        assertEquals(expected.keySet(), found.keySet());
        // double precision, in another order of operations
        expected.forEach(
                (name, y) -> assertArrayEquals(y.data(), found.get(name).data(), 1e-9, name));
    }

    @Test
    void reluIsPartOfWhatComesBeforeItAndOfTheGradients() {
        var operators = operators(DeadValues.remove(MapFusion.apply(block())));
        assertEquals(1, operators.stream().filter("AddRelu"::equals).count());
        assertEquals(1, operators.stream().filter("ReluGrad"::equals).count());
        assertFalse(operators.contains("Relu"));
    }

    @Test
    void aReluWhoseOperandOthersReadStaysAlone() {
        var g = new Graph("g");
        var x = g.input("x", Type.f32(2, 3, 3, 4));
        var sum = x.add(g.input("z", Type.f32(2, 3, 3, 4)));
        g.output("y", sum.relu());
        g.output("sum", sum.neg());
        assertEquals(List.of("Input", "Input", "Add", "Relu", "Neg"), operators(MapFusion.apply(g)));
    }

    @Test
    void mapsOnHostCoresAreBfloat16FromConvolutionToConvolution() {
        var graph = DeadValues.remove(MixedPrecision.apply(
                DeadValues.remove(MapFusion.apply(block())),
                name -> name.endsWith("conv.weight") ? Optional.of("half/" + name) : Optional.empty()));
        var maps = graph.nodes().stream()
                .filter(n -> List.of("Conv", "ConvDataGrad", "BatchNorm", "BatchNormGrad", "AddRelu", "ReluGrad")
                        .contains(n.op().name()))
                .map(n -> n.outputs().getFirst().type().dtype())
                .distinct()
                .toList();
        assertEquals(List.of(DType.BFLOAT16), maps);
        graph.outputs()
                .forEach((name, v) -> assertNotEquals(DType.BFLOAT16, v.type().dtype(), name));
        var statistics = graph.nodes().stream()
                .filter(n -> n.op() instanceof Norm.BatchNorm)
                .flatMap(n -> n.outputs().subList(1, 5).stream())
                .map(v -> v.type().dtype())
                .distinct()
                .toList();
        assertEquals(List.of(DType.FLOAT32), statistics);
    }

    private static List<String> operators(Graph graph) {
        return graph.nodes().stream().map(n -> n.op().name()).toList();
    }

    private static NdArray drawn(Type type, Random random) {
        var data = new double[Math.toIntExact(type.shape().size())];
        Arrays.setAll(data, _ -> type.dtype() == DType.INT64 ? 0 : Math.abs(random.nextGaussian()) + 0.1);
        return NdArray.of(type.shape(), data);
    }

    /// Two convolutions with their norms, the first with a ReLU, and a sum with a ReLU, and the gradients of all.
    private static Graph block() {
        var graph = new Graph("train");
        var declared = new Declarations(graph);
        var s = Scope.root(declared, Mode.TRAIN, ImageLayout.NHWC);
        var x = conv(s.at("0"), graph.input("x", Type.f32(Shape.of(2, 4, 5, 3))));
        var y = conv(s.at("1"), new BatchNorm2d(3).forward(s.at("0.norm"), x).relu());
        y = new BatchNorm2d(3).forward(s.at("1.norm"), y).add(x).relu();
        var loss = y.square().mean();
        graph.output("loss", loss);
        return TrainGraph.differentiate(declared, loss).graph();
    }

    private static Value conv(Scope s, Value x) {
        return Conv2d.torch(3, 3, Window.square(3, 1, 1), 1, false).forward(s.at("conv"), x);
    }
}
