package dev.lejepa.graphs.ir;

/// The number format bfloat16: the upper half of a float32, with 8 bits of precision.
public final class BFloat16 {
    private static final int HALF = 1 << 15;
    private static final int QUIET = 1 << 6;

    private BFloat16() {}

    /// The bits of the nearest bfloat16, ties to even.
    public static short bits(float x) {
        var bits = Float.floatToRawIntBits(x);
        if (Float.isNaN(x)) {
            return (short) (bits >>> 16 | QUIET);
        }
        var odd = bits >>> 16 & 1;
        return (short) (bits + HALF - 1 + odd >>> 16);
    }

    /// The number that has these bits.
    public static float value(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /// The nearest bfloat16.
    public static float round(float x) {
        return value(bits(x));
    }
}
