package dev.lejepa.trainer.report;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// TensorBoard's histograms: `HistogramProto` messages (summary.proto of TensorFlow) with buckets of equal width.
final class Histograms {
    private static final int MIN = 1;
    private static final int MAX = 2;
    private static final int NUM = 3;
    private static final int SUM = 4;
    private static final int SUM_SQUARES = 5;
    private static final int BUCKET_LIMIT = 6;
    private static final int BUCKET = 7;
    private static final int BUCKETS = 30;

    private Histograms() {}

    /// @param numbers at least one, finite
    static byte[] message(double[] numbers) {
        double min = Arrays.stream(numbers).min().orElseThrow();
        double max = Arrays.stream(numbers).max().orElseThrow();
        double width = max > min ? (max - min) / BUCKETS : 1;
        double[] counts = new double[BUCKETS];
        double[] limits = new double[BUCKETS];
        Arrays.setAll(limits, i -> min + (i + 1) * width);
        for (double number : numbers) {
            counts[Math.min(BUCKETS - 1, (int) ((number - min) / width))]++;
        }
        return TensorBoardEvents.message(out -> {
            out.writeDouble(MIN, min);
            out.writeDouble(MAX, max);
            out.writeDouble(NUM, numbers.length);
            out.writeDouble(SUM, Arrays.stream(numbers).sum());
            out.writeDouble(SUM_SQUARES, Arrays.stream(numbers).map(x -> x * x).sum());
            out.writeByteArray(BUCKET_LIMIT, packed(limits));
            out.writeByteArray(BUCKET, packed(counts));
        });
    }

    private static byte[] packed(double[] numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(numbers);
        return bytes.array();
    }
}
