package dev.lejepa.graphs.onnx;

import static dev.lejepa.graphs.onnx.Protos.attribute;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Optimizer;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.onnx.proto.AttributeProto;
import dev.lejepa.graphs.onnx.proto.TensorProto.DataType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// AdamW. Operands: `(lr [], step [1], weight, gradient, moment1, moment2)` and the weight's copy, if it has one. An
/// engine may write results where operands lie.
final class Updates {
    private static final int STEP = 1;
    private static final int MOMENT2 = 5;

    private Updates() {}

    /// The operator of ours that computes an update.
    static OwnOperator own(Optimizer.AdamW a) {
        return a.copy() ? OwnOperator.ADAM_W_COPY : OwnOperator.ADAM_W;
    }

    /// One pass over memory. ONNX Runtime's kernel, whose second moments have a unit of their own, would take three and
    /// a copy of `step` for each node: a fifth of a step of ResNet-50 on two cores, now a twentieth.
    static List<Ref> ours(Site s, Optimizer.AdamW a) {
        return s.ours(own(a), s.in().subList(0, MOMENT2 + 1), settings(a).toArray(AttributeProto[]::new));
    }

    /// Attributes of the operator of ours.
    static List<AttributeProto> settings(Optimizer.AdamW a) {
        return List.of(
                attribute("one_minus_beta1", 1 - a.beta1()),
                attribute("one_minus_beta2", 1 - a.beta2()),
                attribute("epsilon", a.epsilon()),
                attribute("weight_decay", a.weightDecay()));
    }

    /// torch.optim.AdamW's formulas; what all elements have in common in double precision.
    static void define(FunctionBody f) {
        var one = toDouble(f, f.real(1));
        var lr = toDouble(f, "lr");
        var step = toDouble(f, f.node("Squeeze", List.of("step")));
        var rest1 = f.ownNumber("one_minus_beta1");
        var rest2 = f.ownNumber("one_minus_beta2");
        var beta1 = f.node("Sub", List.of(one, toDouble(f, rest1)));
        var beta2 = f.node("Sub", List.of(one, toDouble(f, rest2)));
        var correction1 = f.node("Sub", List.of(one, f.node("Pow", List.of(beta1, step))));
        var correction2 = f.node("Sub", List.of(one, f.node("Pow", List.of(beta2, step))));
        f.define("new_M", "Add", List.of(times(f, "M", toFloat(f, beta1)), times(f, "dW", rest1)));
        var square = f.node("Mul", List.of("dW", "dW"));
        f.define("new_V", "Add", List.of(times(f, "V", toFloat(f, beta2)), times(f, square, rest2)));
        var unit = toFloat(f, f.node("Sqrt", List.of(correction2)));
        var root = f.node("Div", List.of(f.node("Sqrt", List.of("new_V")), unit));
        var deviation = f.node("Add", List.of(root, f.ownNumber("epsilon")));
        var decay = times(f, lr, toDouble(f, f.ownNumber("weight_decay")));
        var decayed = times(f, "W", toFloat(f, f.node("Sub", List.of(one, decay))));
        var rate = toFloat(f, f.node("Div", List.of(lr, correction1)));
        var change = times(f, f.node("Div", List.of("new_M", deviation)), rate);
        f.define("new_W", "Sub", List.of(decayed, change));
    }

    static void defineWithCopy(FunctionBody f) {
        define(f);
        f.define("copy", "Cast", List.of("new_W"), to(DataType.BFLOAT16));
    }

    private static String times(FunctionBody f, String x, String factor) {
        return f.node("Mul", List.of(x, factor));
    }

    private static String toDouble(FunctionBody f, String x) {
        return f.node("Cast", List.of(x), to(DataType.DOUBLE));
    }

    private static String toFloat(FunctionBody f, String x) {
        return f.node("Cast", List.of(x), to(DataType.FLOAT));
    }

    private static AttributeProto to(DataType type) {
        return attribute("to", type.getNumber());
    }

    private static Ref toKernel(Site s, Optimizer.AdamW a) {
        return s.value(List.of(s.in(MOMENT2)), in -> in.getFirst().mul(unit(a)));
    }

    private static Ref fromKernel(Site s, Optimizer.AdamW a, Ref moment2) {
        return s.value(List.of(moment2), in -> in.getFirst().mul(1 / unit(a)));
    }

    private static double unit(Optimizer.AdamW a) {
        return (1 - (float) a.beta2()) / (1 - a.beta2());
    }

    /// ONNX Runtime's own kernel, one node per weight. On CUDA it writes the weight's copy too, where the old one lies.
    /// It reads `step` in host memory and counts it up there; an input of the graph that nothing else reads is left to
    /// that.
    ///
    /// The kernel takes `1 - beta` in single precision, 1.3e-5 too little for 0.999, so all its second moments are that
    /// much too small: it is given and gives them in its own unit.
    static List<Ref> fused(Site s, Optimizer.AdamW a) {
        var own = s.readers(STEP) == 1 && s.isInput(STEP);
        var operands = new ArrayList<>(s.in());
        operands.set(STEP, own ? s.in(STEP) : stepCopy(s));
        operands.set(MOMENT2, toKernel(s, a));
        var types = new ArrayList<>(List.of(new Type(DType.INT64, Shape.of(1)), s.type(1), s.type(2), s.type(0)));
        if (a.copy()) {
            types.add(s.in(3).type()); // where the gradient lay: the update, which nobody reads
            types.add(s.type(3));
        }
        var results = s.fusedNodes("AdamOptimizer", types, operands, attributes(a));
        var moment2 = fromKernel(s, a, results.get(2));
        return a.copy()
                ? List.of(results.get(3), results.get(1), moment2, results.get(5))
                : List.of(results.get(3), results.get(1), moment2);
    }

    private static AttributeProto[] attributes(Optimizer.AdamW a) {
        return new AttributeProto[] {
            attribute("alpha", a.beta1()),
            attribute("beta", a.beta2()),
            attribute("epsilon", a.epsilon()),
            attribute("lambda", a.weightDecay()),
            attribute("weight_decay_mode", 0L),
            attribute("do_bias_correction", 1L)
        };
    }

    private static Ref stepCopy(Site s) {
        var step = s.in(STEP);
        var copies = s.shared("copies of " + step.name(), () -> {
            var count = s.readers(STEP);
            var one = step.type();
            var repeated = s.node("Expand", one.withShape(Shape.of(count)), List.of(step, s.constant(count)));
            return s.nodes(
                    "Split",
                    Collections.nCopies(Math.toIntExact(count), one),
                    List.of(repeated, s.constant(Collections.nCopies(Math.toIntExact(count), 1L))));
        });
        return copies.get(Math.toIntExact(s.readersBefore(STEP)));
    }

    /// torch.optim.AdamW's formulas.
    static List<Ref> decomposed(Site s, Optimizer.AdamW a) {
        var arguments = List.of(
                s.in(0), s.in(2), s.in(3), s.in(4), s.in(5), correction(s, a.beta1()), correction(s, a.beta2()));
        var updated = s.formula(arguments, in -> updated(in, a));
        if (!a.copy()) {
            return updated;
        }
        var all = new ArrayList<>(updated);
        all.add(s.value(updated.subList(0, 1), in -> in.getFirst().cast(DType.BFLOAT16)));
        return all;
    }

    /// `(lr, weight, gradient, moment1, moment2)` and what first and second moments lack to the new
    /// `(weight, moment1, moment2)`.
    private static List<Value> updated(List<Value> in, Optimizer.AdamW a) {
        var lr = in.get(0);
        var gradient = in.get(2);
        var moment1 = in.get(3).mul(a.beta1()).add(gradient.mul(1 - a.beta1()));
        var moment2 = in.get(4).mul(a.beta2()).add(gradient.square().mul(1 - a.beta2()));
        var deviation = moment2.sqrt().div(in.get(6).sqrt()).add(a.epsilon());
        var decayed = in.get(1).mul(lr.mul(-a.weightDecay()).add(1));
        return List.of(decayed.sub(moment1.div(deviation).mul(lr.div(in.get(5)))), moment1, moment2);
    }

    private static Value fromTanh(Value t) {
        return t.mul(2).div(t.add(1));
    }

    /// `1 - beta^step` as `2 t / (1 + t)` with `t = tanh(-step ln(beta) / 2)`: the difference itself would lose the
    /// digits that float32 has (4 of 7 at the first step of `beta = 0.999`).
    private static Ref correction(Site s, double beta) {
        var step = s.in(STEP);
        return s.shared(Text.format("1 - %s^%s", beta, step.name()), () -> {
                    var half = s.value(List.of(step), in -> half(in.getFirst(), beta));
                    var t = s.node("Tanh", half.type(), List.of(half));
                    return List.of(s.value(List.of(t), in -> fromTanh(in.getFirst())));
                })
                .getFirst();
    }

    private static Value half(Value step, double beta) {
        return step.cast(DType.FLOAT32).reshape(Shape.scalar()).mul(-Math.log(beta) / 2);
    }
}
