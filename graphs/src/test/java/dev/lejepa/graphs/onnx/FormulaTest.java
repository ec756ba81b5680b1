package dev.lejepa.graphs.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.ir.BinaryFunction;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Rewritten;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.UnaryFunction;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.onnx.proto.FunctionProto;
import dev.lejepa.graphs.onnx.proto.ModelProto;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FormulaTest {
    @Test
    void formulasAreReadFromTheFunctionsOfAGraph() throws IOException {
        var found = read(model());
        var steps = List.<Formula.Step>of(
                new Formula.Binary(BinaryFunction.MUL, 0, 0),
                new Formula.Number(0.5f),
                new Formula.Binary(BinaryFunction.MUL, 1, 2),
                new Formula.Unary(UnaryFunction.LOG_NDTR, 3));
        var results = List.of(
                new Formula.Result(4, Optional.empty()),
                new Formula.Result(1, Optional.of(new Formula.Sum(false, false))),
                new Formula.Result(4, Optional.of(new Formula.Sum(true, true))));
        assertEquals(List.of(new Formula("Fused_0", 1, steps, results)), found);
    }

    @Test
    void equalFormulasAreOneFunction() throws IOException {
        var g = new Graph("twice");
        var x = g.input("x", Type.f32(5, 3));
        g.output("a", g.apply(new Rewritten.Fused(formula(x)), x).get(1));
        g.output("b", g.apply(new Rewritten.Fused(formula(x)), x.neg()).get(1));
        assertEquals(1, read(lowered(g)).size());
    }

    @Test
    void filesThatAreNoModelsAreNamed() {
        var damaged = Arrays.copyOf(model(), 100);
        var e = assertThrows(BadInputException.class, () -> read(damaged));
        assertEquals("file is no ONNX file", e.getMessage());
    }

    @Test
    void damagedFormulasAreNamed() throws IOException {
        var model = ModelProto.parseFrom(model()).toBuilder();
        fused(model).getNodeBuilder(0).setOpType("Tan");
        var e = assertThrows(BadInputException.class, () -> read(model.build().toByteArray()));
        assertEquals("file: function Fused_0 is damaged: Tan of 2 operands is no elementary operation", e.getMessage());
        fused(model).getNodeBuilder(0).setOpType("Neg");
        assertThrows(BadInputException.class, () -> read(model.build().toByteArray()));
    }

    @Test
    void functionsOfOthersAreNoFormulas() throws IOException {
        var model = ModelProto.parseFrom(model()).toBuilder();
        model.getFunctionsBuilderList().forEach(f -> f.setDomain("org.others").addNode(f.getNodeBuilder(0)));
        assertEquals(List.of(), read(model.build().toByteArray()));
    }

    private static FunctionProto.Builder fused(ModelProto.Builder model) {
        return model.getFunctionsBuilderList().stream()
                .filter(f -> f.getName().equals("Fused_0"))
                .findFirst()
                .orElseThrow();
    }

    private static List<Formula> read(byte[] model) throws IOException {
        return Formula.in("file", new ByteArrayInputStream(model));
    }

    private static byte[] model() {
        var g = new Graph("graph");
        var x = g.input("x", Type.f32(5, 3));
        var results = g.apply(new Rewritten.Fused(formula(x)), x);
        for (var i = 0; i < results.size(); i++) {
            g.output("y" + i, results.get(i));
        }
        return lowered(g);
    }

    private static byte[] lowered(Graph g) {
        return Lowering.lower(g, Target.ORT, Map.of()).proto().toByteArray();
    }

    private static Graph formula(Value x) {
        var formula = new Graph("formula");
        var square = formula.input("x0", x.type()).square();
        var log = square.mul(0.5).logNdtr();
        formula.output("y0", log);
        formula.output("y1", square.sum(false, 0));
        formula.output("y2", log.mean(true, 0));
        return formula;
    }
}
