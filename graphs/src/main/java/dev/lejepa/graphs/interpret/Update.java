package dev.lejepa.graphs.interpret;

import dev.lejepa.graphs.ir.Optimizer;
import java.util.List;

/// Optimizer updates.
final class Update {
    private Update() {}

    /// `(lr, step, weight, gradient, moment1, moment2)` to the new `(weight, moment1, moment2)`: Loshchilov & Hutter,
    /// arXiv:1711.05101, with the bias corrections of torch.optim.AdamW.
    static List<NdArray> adamW(List<NdArray> in, Optimizer.AdamW a) {
        var lr = in.get(0).item();
        var step = in.get(1).item();
        var gradient = in.get(3);
        var weight = NdArray.zeros(in.get(2).shape());
        var moment1 = NdArray.zeros(weight.shape());
        var moment2 = NdArray.zeros(weight.shape());
        var correction1 = 1 - Math.pow(a.beta1(), step);
        var correction2 = 1 - Math.pow(a.beta2(), step);
        for (var i = 0; i < weight.size(); i++) {
            var g = gradient.get(i);
            moment1.data()[i] = a.beta1() * in.get(4).get(i) + (1 - a.beta1()) * g;
            moment2.data()[i] = a.beta2() * in.get(5).get(i) + (1 - a.beta2()) * g * g;
            var scale = Math.sqrt(moment2.get(i) / correction2) + a.epsilon();
            weight.data()[i] =
                    in.get(2).get(i) * (1 - lr * a.weightDecay()) - lr * (moment1.get(i) / correction1) / scale;
        }
        return a.copy() ? List.of(weight, moment1, moment2, weight) : List.of(weight, moment1, moment2);
    }
}
