package dev.lejepa.trainer.image;

/// The weights of PIL's antialiased resampling along one axis, in fixed point with 22 fractional bits. Output `i` is the
/// sum of `weights[i * stride + k]` times input `first[i] + k`, for `k` below `count[i]`.
final class ResizeTaps {
    static final int FRACTION_BITS = 22;

    private final Interpolation interpolation;

    private int[] first = new int[0];
    private int[] count = new int[0];
    private int[] weights = new int[0];
    private double[] exact = new double[0];
    private int stride;

    ResizeTaps(Interpolation interpolation) {
        this.interpolation = interpolation;
    }

    /// Computes the weights of outputs `from` to `from + outputs` of `in` inputs resized to `out`; output `from` gets
    /// index 0.
    void prepare(int in, int out, int from, int outputs) {
        double scale = (double) in / out;
        double stretch = Math.max(scale, 1.0);
        double support = interpolation.support() * stretch;
        stride = (int) Math.ceil(support) * 2 + 1;
        if (first.length < outputs) {
            first = new int[outputs];
            count = new int[outputs];
        }
        if (weights.length < outputs * stride) {
            weights = new int[outputs * stride];
        }
        if (exact.length < stride) {
            exact = new double[stride];
        }
        for (int i = 0; i < outputs; i++) {
            double center = (from + i + 0.5) * scale;
            int lowest = Math.max((int) (center - support + 0.5), 0);
            int end = Math.min((int) (center + support + 0.5), in);
            first[i] = lowest;
            count[i] = end - lowest;
            weigh(i, lowest - center + 0.5, 1.0 / stretch);
        }
    }

    /// The function's values at the taps of one output, normalized to a sum of 1.
    private void weigh(int output, double offset, double perPixel) {
        int taps = count[output];
        double sum = 0;
        for (int k = 0; k < taps; k++) {
            exact[k] = interpolation.at((k + offset) * perPixel);
            sum += exact[k];
        }
        for (int k = 0; k < taps; k++) {
            double weight = sum == 0 ? exact[k] : exact[k] / sum;
            weights[output * stride + k] = (int) (weight * (1 << FRACTION_BITS) + (weight < 0 ? -0.5 : 0.5));
        }
    }

    int first(int output) {
        return first[output];
    }

    int count(int output) {
        return count[output];
    }

    int weight(int output, int k) {
        return weights[output * stride + k];
    }

    /// Weights kept for each output.
    int stride() {
        return stride;
    }
}
