package dev.lejepa.trainer.parquet;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.data.ImageSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// The classes of some tables together, and the label of each row.
///
/// Texts are class names, sorted by their bytes. Numbers whose names the tables tell are those names' places, in the
/// order of the first table. Numbers without names are their own names, sorted as numbers: `0` to `K - 1` label
/// themselves.
///
/// @param names by label; empty if no table has labels
/// @param labels of each table's rows, [ImageSource#UNLABELLED] where a row has none
record ClassNames(List<String> names, List<int[]> labels) {
    ClassNames {
        names = List.copyOf(names);
        labels = List.copyOf(labels);
    }

    /// Joins the labels of tables.
    ///
    /// @param rows how many each has
    /// @throws BadInputException if they are of different kinds, or a number has no name
    static ClassNames of(List<Path> files, List<TableLabels> tables, List<Integer> rows) {
        requireOneKind(files, tables);
        return switch (tables.getFirst()) {
            case TableLabels.None() ->
                new ClassNames(
                        List.of(), rows.stream().map(ClassNames::unlabelled).toList());
            case TableLabels.Texts _ -> texts(tables);
            case TableLabels.Numbers numbers -> numbers.names().isEmpty() ? numbers(tables) : named(files, tables);
        };
    }

    private static void requireOneKind(List<Path> files, List<TableLabels> tables) {
        for (int i = 1; i < tables.size(); i++) {
            if (!kind(tables.get(i)).equals(kind(tables.getFirst()))) {
                throw new BadInputException(Text.format(
                        "%s has %s where %s has %s: tables that are read together must have labels of one kind",
                        PathText.shown(files.get(i)),
                        kind(tables.get(i)),
                        PathText.shown(files.getFirst()),
                        kind(tables.getFirst())));
            }
        }
    }

    private static String kind(TableLabels labels) {
        return switch (labels) {
            case TableLabels.None() -> "no labels";
            case TableLabels.Texts _ -> "texts as labels";
            case TableLabels.Numbers numbers ->
                numbers.names().isEmpty() ? "numbers as labels" : "labels with class names";
        };
    }

    private static int[] unlabelled(int rows) {
        int[] labels = new int[rows];
        Arrays.fill(labels, ImageSource.UNLABELLED);
        return labels;
    }

    private static ClassNames texts(List<TableLabels> tables) {
        TreeSet<String> names = new TreeSet<>(Comparator.comparing(PathText::encoded, Arrays::compareUnsigned));
        for (TableLabels table : tables) {
            Arrays.stream(((TableLabels.Texts) table).values())
                    .filter(Objects::nonNull)
                    .forEach(names::add);
        }
        Map<String, Integer> places = places(names);
        return new ClassNames(
                List.copyOf(names),
                tables.stream()
                        .map(table -> labels(((TableLabels.Texts) table).values(), places))
                        .toList());
    }

    private static int[] labels(@Nullable String[] values, Map<String, Integer> places) {
        return Arrays.stream(values)
                .mapToInt(value -> value == null ? ImageSource.UNLABELLED : Objects.requireNonNull(places.get(value)))
                .toArray();
    }

    private static ClassNames numbers(List<TableLabels> tables) {
        long[] known = tables.stream()
                .flatMapToLong(table -> LongStream.of(((TableLabels.Numbers) table).values()))
                .filter(value -> value >= 0)
                .sorted()
                .distinct()
                .toArray();
        List<String> names = LongStream.of(known).mapToObj(Long::toString).toList();
        return new ClassNames(
                names,
                tables.stream()
                        .map(table -> LongStream.of(((TableLabels.Numbers) table).values())
                                .mapToInt(
                                        value -> value < 0 ? ImageSource.UNLABELLED : Arrays.binarySearch(known, value))
                                .toArray())
                        .toList());
    }

    private static ClassNames named(List<Path> files, List<TableLabels> tables) {
        List<String> names = tables.stream()
                .flatMap(table -> ((TableLabels.Numbers) table).names().stream())
                .distinct()
                .toList();
        Map<String, Integer> places = places(names);
        List<int[]> labels = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            TableLabels.Numbers table = (TableLabels.Numbers) tables.get(i);
            labels.add(labels(files.get(i), table, places));
        }
        return new ClassNames(names, labels);
    }

    private static int[] labels(Path file, TableLabels.Numbers table, Map<String, Integer> places) {
        int[] byNumber = table.names().stream()
                .mapToInt(name -> Objects.requireNonNull(places.get(name)))
                .toArray();
        int[] labels = new int[table.values().length];
        for (int row = 0; row < labels.length; row++) {
            long value = table.values()[row];
            if (value >= byNumber.length) {
                throw new BadInputException(Text.format(
                        "%s: row %d has label %d, but there are names for %d classes only",
                        PathText.shown(file), row, value, byNumber.length));
            }
            labels[row] = value < 0 ? ImageSource.UNLABELLED : byNumber[(int) value];
        }
        return labels;
    }

    private static Map<String, Integer> places(Iterable<String> names) {
        Map<String, Integer> places = new LinkedHashMap<>();
        names.forEach(name -> places.put(name, places.size()));
        return places;
    }
}
