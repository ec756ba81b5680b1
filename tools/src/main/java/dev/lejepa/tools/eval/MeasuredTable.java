package dev.lejepa.tools.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lejepa.graphs.AtomicFile;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.layout.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The rows of a person's own in the published table, from one evaluation or from all whose results one folder has:
/// each data set is evaluated by itself, and `table.json` gathers what came of them.
public final class MeasuredTable {
    private static final String JSON = "table.json";
    private static final String MARKDOWN = "table.md";

    private final List<Entry> entries;

    private MeasuredTable(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /// One number: an encoder's probe on a data set.
    ///
    /// @param top1 in percent
    private record Entry(String encoder, Layout layout, String shots, double top1) {
        boolean isOf(String model, Layout of) {
            return encoder.equals(model) && layout == of;
        }
    }

    /// @throws BadInputException if the table has no column for a data set
    public static Layout requireColumn(Optional<Layout> layout) {
        return layout.filter(PublishedTable.COLUMNS::contains)
                .orElseThrow(() -> new BadInputException(Text.format(
                        "--table needs --layout with one of the table's data sets: %s",
                        String.join(
                                ", ",
                                PublishedTable.COLUMNS.stream()
                                        .map(Layout::toString)
                                        .toList()))));
    }

    /// A table with the numbers that a folder has from before; without any where it has none.
    ///
    /// @throws BadInputException if its file is no such table
    public static MeasuredTable of(Optional<Path> folder) throws IOException {
        var file = folder.map(place -> place.resolve(JSON));
        if (file.isEmpty() || !Files.exists(file.get())) {
            return new MeasuredTable(List.of());
        }
        try {
            var entries = new ArrayList<Entry>();
            for (var node : new ObjectMapper().readTree(Files.readAllBytes(file.get()))) {
                entries.add(entry(file.get(), node));
            }
            return new MeasuredTable(entries);
        } catch (JsonProcessingException e) {
            throw notOurs(file.get());
        }
    }

    private static Entry entry(Path file, JsonNode node) {
        var layout = Arrays.stream(Layout.values())
                .filter(one -> one.toString().equals(node.path("layout").asText()))
                .findFirst();
        var shots = node.path("shots").asText();
        if (layout.isEmpty()
                || !node.path("encoder").isTextual()
                || !node.path("top1").isNumber()
                || !shots.matches("all|[1-9]\\d{0,8}")) {
            throw notOurs(file);
        }
        return new Entry(
                node.path("encoder").asText(),
                layout.get(),
                shots,
                node.path("top1").asDouble());
    }

    private static BadInputException notOurs(Path file) {
        return new BadInputException(
                Text.format("%s: is no table of evaluations; give --out another folder, or delete the file", file));
    }

    /// The table with the numbers of an evaluation, in place of those that its encoder had on the same data set.
    ///
    /// @param encoder what its row is called
    /// @param top1 by shots, in percent
    public MeasuredTable with(String encoder, Layout layout, Map<String, Double> top1) {
        var all = new ArrayList<>(entries);
        all.removeIf(entry -> entry.isOf(encoder, layout));
        top1.forEach((shots, value) -> all.add(new Entry(encoder, layout, shots, value)));
        return new MeasuredTable(all);
    }

    /// The published table with these rows in it.
    public List<String> lines() {
        record Key(String encoder, String shots) {}
        var rows = new LinkedHashMap<Key, Map<Layout, Double>>();
        for (var entry : entries) {
            rows.computeIfAbsent(new Key(entry.encoder(), entry.shots()), _ -> new EnumMap<>(Layout.class))
                    .put(entry.layout(), entry.top1());
        }
        return PublishedTable.lines(rows.entrySet().stream()
                .map(row -> new TableRow(
                        row.getKey().shots(),
                        row.getKey().encoder(),
                        TableRow.About.UNKNOWN,
                        Collections.unmodifiableMap(row.getValue())))
                .toList());
    }

    /// Writes `table.json` and, for people, `table.md`.
    ///
    /// @return the files
    public List<Path> write(Path folder) throws IOException {
        Files.createDirectories(folder);
        var mapper = new ObjectMapper();
        var json = mapper.createArrayNode();
        for (var entry : entries) {
            json.addObject()
                    .put("encoder", entry.encoder())
                    .put("layout", entry.layout().toString())
                    .put("shots", entry.shots())
                    .put("top1", entry.top1());
        }
        AtomicFile.writeText(
                folder.resolve(JSON), mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
        AtomicFile.writeText(folder.resolve(MARKDOWN), String.join("\n", lines()) + "\n");
        return List.of(folder.resolve(JSON), folder.resolve(MARKDOWN));
    }
}
