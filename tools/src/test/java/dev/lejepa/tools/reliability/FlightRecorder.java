package dev.lejepa.tools.reliability;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// What a process was doing when it died: a file in memory that outlives it.
final class FlightRecorder implements AutoCloseable {
    private static final long INDEX = 0;
    private static final long COUNTS = 8;
    private static final long LENGTH = 48;
    private static final long INPUT = 56;
    private static final long SIZE = 1 << 18;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment map;

    /// How many inputs came to what.
    record Counts(long accepted, long refused, long failed) {
        static final Counts NONE = new Counts(0, 0, 0);

        Counts plus(Counts other) {
            return new Counts(accepted + other.accepted, refused + other.refused, failed + other.failed);
        }

        Counts plus(Verdict verdict) {
            return switch (verdict) {
                case Verdict.Accepted _ -> new Counts(accepted + 1, refused, failed);
                case Verdict.Refused _ -> new Counts(accepted, refused + 1, failed);
                case Verdict.Failed _ -> new Counts(accepted, refused, failed + 1);
            };
        }

        long all() {
            return accepted + refused + failed;
        }
    }

    FlightRecorder(Path file) throws IOException {
        try (var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            map = channel.map(MapMode.READ_WRITE, 0, SIZE, arena);
        }
    }

    /// Notes an input that is about to be tried.
    void begin(long index, byte[] input) {
        map.set(ValueLayout.JAVA_LONG, LENGTH, input.length);
        MemorySegment.copy(input, 0, map, ValueLayout.JAVA_BYTE, INPUT, input.length);
        map.set(ValueLayout.JAVA_LONG, INDEX, index);
    }

    /// Notes what came of all inputs so far.
    void counts(Counts counts) {
        map.set(ValueLayout.JAVA_LONG, COUNTS, counts.accepted);
        map.set(ValueLayout.JAVA_LONG, COUNTS + 8, counts.refused);
        map.set(ValueLayout.JAVA_LONG, COUNTS + 16, counts.failed);
    }

    Counts counts() {
        return new Counts(
                map.get(ValueLayout.JAVA_LONG, COUNTS),
                map.get(ValueLayout.JAVA_LONG, COUNTS + 8),
                map.get(ValueLayout.JAVA_LONG, COUNTS + 16));
    }

    /// The last input.
    long index() {
        return map.get(ValueLayout.JAVA_LONG, INDEX);
    }

    byte[] input() {
        var length = map.get(ValueLayout.JAVA_LONG, LENGTH);
        return map.asSlice(INPUT, length).toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public void close() {
        arena.close();
    }
}
