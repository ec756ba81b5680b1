package dev.lejepa.tools.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.lejepa.graphs.Escapes;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// What the page's charts are drawn from: tables of numbers by step, and charts whose lines name a table and a column.
final class ChartData {
    private static final JsonFactory JSON = new JsonFactory();

    /// More digits than a screen has pixels.
    private static final MathContext DIGITS = new MathContext(5);

    private final Map<String, Buckets> tables = new LinkedHashMap<>();
    private final List<Chart> charts = new ArrayList<>();

    /// A curve of a chart.
    ///
    /// @param color which of the page's colors
    record Line(String table, String column, String name, int color) {}

    /// A chart.
    ///
    /// @param id that the page's figure has
    /// @param level a value to compare with
    record Chart(String id, Panel.Format format, List<Line> lines, Optional<Level> level) {
        Chart {
            lines = List.copyOf(lines);
        }
    }

    /// A value that curves are compared with.
    record Level(String name, double value) {
        static Optional<Level> of(String name, OptionalDouble value) {
            return value.isPresent() ? Optional.of(new Level(name, value.getAsDouble())) : Optional.empty();
        }
    }

    /// Adds a table under a name.
    void table(String name, Buckets table) {
        tables.put(name, table);
    }

    /// Adds a chart.
    void chart(Chart chart) {
        charts.add(chart);
    }

    /// All of it as JSON that may stand in a script element.
    String json() {
        var text = new StringWriter();
        try (var json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeObjectFieldStart("tables");
            for (var table : tables.entrySet()) {
                json.writeFieldName(table.getKey());
                write(json, table.getValue());
            }
            json.writeEndObject();
            json.writeArrayFieldStart("charts");
            for (var chart : charts) {
                write(json, chart);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // within strings alone, since JSON itself has none: nothing can end the element
        return Escapes.halfPairs(text.toString()).replace("<", "\\u003c");
    }

    private static void write(JsonGenerator json, Chart chart) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", chart.id());
        json.writeStringField("format", chart.format().name().toLowerCase(Locale.ROOT));
        json.writeArrayFieldStart("lines");
        for (var line : chart.lines()) {
            json.writeStartObject();
            json.writeStringField("table", line.table());
            json.writeStringField("column", line.column());
            json.writeStringField("name", line.name());
            json.writeNumberField("color", line.color());
            json.writeEndObject();
        }
        json.writeEndArray();
        if (chart.level().isPresent()) {
            json.writeObjectFieldStart("level");
            json.writeStringField("name", chart.level().get().name());
            number(json, "value", chart.level().get().value());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    /// Buckets that hold nothing are left out, and so are extremes where each bucket is a step.
    private static void write(JsonGenerator json, Buckets table) throws IOException {
        var buckets = IntStream.range(0, table.size())
                .filter(bucket -> table.columns().stream().anyMatch(column -> table.has(column, bucket)))
                .toArray();
        json.writeStartObject();
        json.writeArrayFieldStart("step");
        for (var bucket : buckets) {
            json.writeNumber(table.step(bucket));
        }
        json.writeEndArray();
        for (var column : table.columns()) {
            if (column.equals(Source.SECONDS)) {
                column(json, column, "", table, buckets, table::greatest);
            } else if (table.has(column)) {
                column(json, column, "", table, buckets, table::mean);
                if (table.width() > 1) {
                    column(json, column, ".least", table, buckets, table::least);
                    column(json, column, ".greatest", table, buckets, table::greatest);
                }
            }
        }
        json.writeEndObject();
    }

    /// A number of a column in a bucket.
    private interface Cell {
        double of(String column, int bucket);
    }

    private static void column(
            JsonGenerator json, String column, String suffix, Buckets table, int[] buckets, Cell cell)
            throws IOException {
        json.writeArrayFieldStart(column + suffix);
        for (var bucket : buckets) {
            if (table.has(column, bucket)) {
                json.writeNumber(rounded(cell.of(column, bucket)));
            } else {
                json.writeNull();
            }
        }
        json.writeEndArray();
    }

    private static void number(JsonGenerator json, String key, double value) throws IOException {
        json.writeFieldName(key);
        json.writeNumber(rounded(value));
    }

    private static double rounded(double value) {
        return new BigDecimal(value).round(DIGITS).doubleValue();
    }
}
