package dev.lejepa.trainer.eval;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Training rows parted in two: those that train heads, and those that choose among them. Rows of the test set are in
/// neither.
///
/// @param train rows
/// @param choose rows; where there are none left, the ones that train
/// @param refit whether the chosen rate is trained once more, with all rows
public record ProbeSplit(int[] train, int[] choose, boolean refit) {
    private static final double HELD_OUT = 0.2;

    /// Rows that choose where few train: more would cost time and tell no more.
    private static final int MOST_CHOOSE = 10_000;

    /// All rows: a fifth of each class chooses, rounded down.
    public static ProbeSplit all(int[] labels, int classes, long seed) {
        var shuffled = byClass(labels, classes, seed);
        var train = new ArrayList<Integer>();
        var choose = new ArrayList<Integer>();
        for (var rows : shuffled) {
            var held = (int) (HELD_OUT * rows.length);
            IntStream.of(rows).limit(held).forEach(choose::add);
            IntStream.of(rows).skip(held).forEach(train::add);
        }
        return of(train, choose, true);
    }

    /// A few rows of each class; the others choose.
    ///
    /// @param names of the classes, for messages
    /// @throws BadInputException if a class has fewer rows
    public static ProbeSplit few(int[] labels, List<String> names, int shots, long seed) {
        requireShots(labels, names, shots);
        var shuffled = byClass(labels, names.size(), seed);
        var train = new ArrayList<Integer>();
        var rest = new ArrayList<Integer>();
        for (var c = 0; c < shuffled.length; c++) {
            IntStream.of(shuffled[c]).limit(shots).forEach(train::add);
            IntStream.of(shuffled[c]).skip(shots).forEach(rest::add);
        }
        var choose = toArray(rest);
        ShuffledPasses.shuffle(choose, new SplittableRandom(seed));
        return of(train, IntStream.of(choose).limit(MOST_CHOOSE).boxed().toList(), false);
    }

    /// @throws BadInputException if a class has fewer rows than shots
    public static void requireShots(int[] labels, List<String> names, int shots) {
        var counts = new int[names.size()];
        for (var label : labels) {
            counts[label]++;
        }
        for (var c = 0; c < counts.length; c++) {
            if (counts[c] < shots) {
                throw new BadInputException(Text.format(
                        "--shots %d: class '%s' has %d training images, expected at least as many as shots",
                        shots, names.get(c), counts[c]));
            }
        }
    }

    private static ProbeSplit of(List<Integer> train, List<Integer> choose, boolean refit) {
        return new ProbeSplit(toArray(train), toArray(choose.isEmpty() ? train : choose), refit && !choose.isEmpty());
    }

    private static int[] toArray(List<Integer> rows) {
        return rows.stream().mapToInt(Integer::intValue).toArray();
    }

    /// The rows of each class in a random order.
    static int[][] byClass(int[] labels, int classes, long seed) {
        return IntStream.range(0, classes)
                .mapToObj(c -> {
                    var rows = IntStream.range(0, labels.length)
                            .filter(i -> labels[i] == c)
                            .toArray();
                    ShuffledPasses.shuffle(rows, new SplittableRandom(seed * 31 + c));
                    return rows;
                })
                .toArray(int[][]::new);
    }
}
