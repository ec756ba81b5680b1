package dev.lejepa.trainer.train;

import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.graphs.programs.StepModel;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.States;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// Looks for parameters that are no longer numbers: a finite loss may be followed by an update that is not, and such
/// states must not replace a good checkpoint.
final class FiniteStates {
    private FiniteStates() {}

    /// The first parameter with an entry that is not finite. The probe does not count: the model learns without it.
    static Optional<String> firstNonFinite(States states) {
        return states.declared(Manifest.Role.PARAMETER).stream()
                .map(Manifest.State::name)
                .filter(name -> !name.startsWith(StepModel.PROBE + "."))
                .filter(name -> !isFinite(states.get(name)))
                .findFirst();
    }

    private static boolean isFinite(DeviceTensor tensor) {
        if (!tensor.onHost()) {
            return isFinite(tensor.toFloats());
        }
        var values = tensor.segment();
        // a product with zero is zero, or NaN for infinities and NaN; sums keep NaN, and the loop has no branch
        var sum = 0f;
        for (var at = 0L; at < values.byteSize(); at += Float.BYTES) {
            sum += 0 * values.get(ValueLayout.JAVA_FLOAT, at);
        }
        return sum == 0;
    }

    private static boolean isFinite(float[] values) {
        var sum = 0f;
        for (var v : values) {
            sum += 0 * v;
        }
        return sum == 0;
    }
}
