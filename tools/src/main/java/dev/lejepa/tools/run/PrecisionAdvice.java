package dev.lejepa.tools.run;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.Precision;
import dev.lejepa.runtime.engine.Engine;
import java.util.Optional;

/// Whether the precision of a recipe pays on the device that will compute.
public final class PrecisionAdvice {
    private PrecisionAdvice() {}

    /// What to tell a person; empty if all is well.
    public static Optional<String> of(Precision precision, Engine engine) {
        if (precision == Precision.FP32) {
            return Optional.empty();
        }
        var speedup = engine.bfloat16Speedup();
        return speedup.isPresent() && speedup.getAsDouble() < 1
                ? Optional.of(text(speedup.getAsDouble(), engine.device()))
                : Optional.empty();
    }

    private static String text(double speedup, String device) {
        var found = speedup == 0
                ? Text.format("this %s has no bfloat16 products and computes them in float32, with conversions", device)
                : Text.format("products on this %s are %.2f times as fast as in float32", device, speedup);
        return "train.precision is bf16, but " + found + "; fp32 is faster here";
    }
}
