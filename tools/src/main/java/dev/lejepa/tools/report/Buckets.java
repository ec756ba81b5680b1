package dev.lejepa.tools.report;

import dev.lejepa.graphs.Text;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Numbers by step, gathered in buckets of equal width that keep the least, the greatest and the mean value of each
/// column, so that a spike of one step among a million still shows. Buckets begin with a width of one step and double it
/// whenever they would become more than `capacity`: no number of steps need be known, and memory is bounded.
final class Buckets {
    private final List<String> columns;
    private final int capacity;
    private final Column[] values;
    private final long[] lastStep;
    private final double[] latest;
    private long width = 1;
    private int size;

    /// Sums and extremes of a column, by bucket.
    private record Column(double[] sum, double[] least, double[] greatest, long[] count) {
        Column(int capacity) {
            this(new double[capacity], new double[capacity], new double[capacity], new long[capacity]);
        }

        void add(int at, double value) {
            if (!Double.isFinite(value)) {
                return;
            }
            least[at] = count[at] == 0 ? value : Math.min(least[at], value);
            greatest[at] = count[at] == 0 ? value : Math.max(greatest[at], value);
            sum[at] += value;
            count[at]++;
        }

        void merge(int from, int to) {
            if (from == to || count[from] == 0) {
                return;
            }
            least[to] = count[to] == 0 ? least[from] : Math.min(least[to], least[from]);
            greatest[to] = count[to] == 0 ? greatest[from] : Math.max(greatest[to], greatest[from]);
            sum[to] += sum[from];
            count[to] += count[from];
            clear(from);
        }

        void clear(int at) {
            sum[at] = 0;
            count[at] = 0;
        }
    }

    /// @param capacity buckets at most; at least two
    /// @param columns names of the numbers that each step has
    Buckets(int capacity, List<String> columns) {
        if (capacity < 2) {
            throw new IllegalArgumentException(Text.format("%d buckets, expected at least 2", capacity));
        }
        this.capacity = capacity;
        this.columns = List.copyOf(columns);
        this.values = new Column[columns.size()];
        Arrays.setAll(values, _ -> new Column(capacity));
        this.lastStep = new long[capacity];
        this.latest = new double[columns.size()];
        Arrays.fill(latest, Double.NaN);
    }

    List<String> columns() {
        return columns;
    }

    /// Adds what was measured at a step.
    ///
    /// @param step from 0
    /// @param row a number for each column; one that is not finite stands for none
    void add(long step, double... row) {
        while (step / width >= capacity) {
            doubleWidth();
        }
        var at = Math.toIntExact(step / width);
        size = Math.max(size, at + 1);
        lastStep[at] = Math.max(lastStep[at], step);
        for (var c = 0; c < values.length; c++) {
            values[c].add(at, row[c]);
            latest[c] = Double.isFinite(row[c]) ? row[c] : latest[c];
        }
    }

    private void doubleWidth() {
        width *= 2;
        for (var at = 0; at < size; at++) {
            var to = at / 2;
            var last = lastStep[at];
            lastStep[at] = 0;
            lastStep[to] = Math.max(lastStep[to], last);
            for (var column : values) {
                column.merge(at, to);
            }
        }
        size = (size + 1) / 2;
    }

    /// Steps in a bucket.
    long width() {
        return width;
    }

    /// Buckets so far; some may hold nothing.
    int size() {
        return size;
    }

    /// The last step in a bucket.
    long step(int bucket) {
        return lastStep[bucket];
    }

    /// Whether a bucket holds a number of a column.
    boolean has(String column, int bucket) {
        return of(column).count[bucket] > 0;
    }

    /// Whether any bucket holds a number of a column.
    boolean has(String column) {
        return columns.contains(column) && Arrays.stream(of(column).count).anyMatch(n -> n > 0);
    }

    /// The mean of a bucket that [#has] a number.
    double mean(String column, int bucket) {
        var of = of(column);
        return of.sum[bucket] / of.count[bucket];
    }

    /// The least number of a bucket that [#has] one.
    double least(String column, int bucket) {
        return of(column).least[bucket];
    }

    /// The greatest number of a bucket that [#has] one.
    double greatest(String column, int bucket) {
        return of(column).greatest[bucket];
    }

    /// The number of a column that was added last; NaN where none was.
    double latest(String column) {
        return latest[columns.indexOf(column)];
    }

    /// The greatest number of a column; NaN where there is none.
    double greatest(String column) {
        return IntStream.range(0, size)
                .filter(bucket -> has(column, bucket))
                .mapToDouble(bucket -> greatest(column, bucket))
                .max()
                .orElse(Double.NaN);
    }

    private Column of(String column) {
        return values[columns.indexOf(column)];
    }
}
