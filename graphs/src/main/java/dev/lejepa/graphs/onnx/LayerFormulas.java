package dev.lejepa.graphs.onnx;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Movement;
import dev.lejepa.graphs.ir.Norm;
import dev.lejepa.graphs.ir.Op;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Statistic;
import dev.lejepa.graphs.ir.Tensor;
import dev.lejepa.graphs.ir.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Layers that a CUDA device has no kernel for, as the formulas that lowering makes of them there.
public final class LayerFormulas {
    private LayerFormulas() {}

    /// BatchNorm of rows and characteristic functions, with their gradients, in float32; a single row among zeros as a
    /// product, which its readers make themselves; what lies between convolutions of bfloat16 maps; nothing for
    /// other operators.
    public static Optional<List<Value>> of(Op op, List<Value> in) {
        if (in.stream().anyMatch(v -> v.type().dtype() == DType.BFLOAT16)) {
            return MapFormulas.of(op, in);
        }
        if (!in.stream().allMatch(v -> v.type().dtype() == DType.FLOAT32)) {
            return Optional.empty();
        }
        return switch (op) {
            case Norm.BatchNorm b when !b.relu() && isRows(in.get(0)) -> Optional.of(BatchNorms.ofRows(in, b));
            case Norm.BatchNormGrad b
            when !b.relu() && isRows(in.get(1)) -> Optional.of(BatchNorms.gradientOfRows(in, b));
            case Statistic.Ecf e ->
                Optional.of(CharacteristicFunctions.value(Reductions.Sums.REDUCED, in.getFirst(), e));
            case Statistic.EcfGrad e -> Optional.of(List.of(CharacteristicFunctions.gradient(in, e)));
            case Movement.Pad p
            when in.getFirst().dim(p.axis()) == 1 -> Optional.of(List.of(amongZeros(in.getFirst(), p)));
            case Op _ -> Optional.empty();
        };
    }

    private static Value amongZeros(Value x, Movement.Pad p) {
        var places = new double[Math.toIntExact(p.before() + 1 + p.after())];
        places[Math.toIntExact(p.before())] = 1;
        var dims = new long[x.shape().rank()];
        Arrays.fill(dims, 1);
        dims[p.axis()] = places.length;
        return x.mul(x.graph().constant(Tensor.of(Shape.of(dims), places)));
    }

    private static boolean isRows(Value x) {
        return x.shape().rank() == 2;
    }
}
