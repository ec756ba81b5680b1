package dev.lejepa.tools.run;

import dev.lejepa.graphs.cost.Speed;
import dev.lejepa.graphs.recipe.Precision;

/// Speeds of the devices that steps were measured on (`docs/performance.md`, `docs/benchmarks.md`), for saying how the
/// times of two graphs compare and what a step would take elsewhere.
public final class Speeds {
    /// Two cores with AVX-512, in fp32: within a tenth of the measured steps of ViT-S/8 and ViT-Ti/4.
    private static final Speed HOST_FP32 = new Speed(430e9, 60e9, 40e9, 0);

    private static final Speed HOST_BF16 = new Speed(830e9, 60e9, 40e9, 0);

    /// An H100 in bf16. Products and traffic are as fast as two steps say that were measured on an H200 (ViT-S/8, 1,024
    /// views of 128 px: 133 ms; ViT-L/14, 64 images of the default recipe: 229 ms; both within 2 % at 2.2 TB/s), traffic
    /// slower by the ratio of the memories' bandwidths, 3.35 to 4.8 TB/s. All else takes a third of the 67 TFLOP/s that
    /// there are without tensor cores.
    public static final Speed H100 = new Speed(650e12, 22e12, 1.54e12, 4e-6);

    private Speeds() {}

    /// @param onHost whether host cores compute
    public static Speed of(Precision precision, boolean onHost) {
        if (!onHost) {
            return H100;
        }
        return switch (precision) {
            case FP32 -> HOST_FP32;
            case BF16 -> HOST_BF16;
        };
    }
}
