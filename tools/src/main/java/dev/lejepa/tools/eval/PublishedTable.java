package dev.lejepa.tools.eval;

import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.layout.Layout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/// LeJEPA's table of frozen linear probes, as Markdown, with rows of one's own among the published ones.
///
/// Source: README of <https://github.com/rbalestr-lab/lejepa>, the code of arXiv:2511.08544.
final class PublishedTable {
    /// The data sets, in order.
    static final List<Layout> COLUMNS = List.of(
            Layout.DTD,
            Layout.AIRCRAFT,
            Layout.CARS,
            Layout.CIFAR10,
            Layout.CIFAR100,
            Layout.FLOWERS102,
            Layout.FOOD101,
            Layout.PETS);

    private static final String ALL = "all";
    private static final String NOTHING = "-";
    private static final TableRow.About VIT_L = new TableRow.About("304M", "IN-1K", "100");
    private static final TableRow.About CONVNEXT_H = new TableRow.About("660M", "IN-1K", "100");
    private static final TableRow.About I_JEPA_H = new TableRow.About("632M", "IN-1K", "300");

    private static final List<TableRow> ROWS = List.of(
            vit("1", 33.21, 9.37, 3.40, 51.65, 27.01, 48.53, 17.14, 46.11),
            convNext("1", 32.15, 8.07, 4.28, 50.95, 31.48, 48.74, 17.95, 58.98),
            iJepa("1", 27.71, 9.86, 4.33, 56.52, 30.58, 44.69, 14.53, 53.38),
            vit("10", 64.72, 35.25, 22.25, 85.15, 59.77, 92.53, 50.90, 77.00),
            convNext("10", 61.84, 30.67, 24.46, 85.74, 63.29, 91.78, 49.32, 78.53),
            iJepa("10", 57.68, 33.82, 21.96, 88.77, 66.42, 88.24, 43.97, 83.23),
            vit(ALL, 78.30, 57.01, 57.28, 96.50, 83.71, 91.21, 82.05, 89.74),
            convNext(ALL, 76.60, 52.99, 54.88, 96.15, 81.34, 91.11, 77.64, 89.76),
            iJepa(ALL, 73.32, 56.61, 54.47, 97.54, 86.42, 86.47, 81.02, 92.11));

    private PublishedTable() {}

    private static TableRow vit(String shots, double... top1) {
        return TableRow.published(shots, "LeJEPA ViT-L", VIT_L, top1);
    }

    private static TableRow convNext(String shots, double... top1) {
        return TableRow.published(shots, "LeJEPA ConvNeXtV2-H", CONVNEXT_H, top1);
    }

    private static TableRow iJepa(String shots, double... top1) {
        return TableRow.published(shots, "I-JEPA ViT-H", I_JEPA_H, top1);
    }

    /// The table, and a line on where the published rows come from.
    ///
    /// @param own rows that were measured here
    static List<String> lines(List<TableRow> own) {
        var lines = new ArrayList<String>();
        var head = new ArrayList<>(List.of("shots", "model", "params", "pretrain", "epochs"));
        COLUMNS.forEach(layout -> head.add(layout.toString()));
        head.add("avg.");
        lines.add(line(head));
        lines.add("|---".repeat(head.size()) + "|");
        for (var shots : shots(own)) {
            ROWS.stream().filter(row -> row.shots().equals(shots)).forEach(row -> lines.add(line(row)));
            own.stream().filter(row -> row.shots().equals(shots)).forEach(row -> lines.add(line(row)));
        }
        lines.add("");
        lines.add("Rows of LeJEPA and I-JEPA with their parameters are published ones (README of"
                + " github.com/rbalestr-lab/lejepa, arXiv:2511.08544); the others were measured here.");
        return lines;
    }

    /// Every number of shots that has a row, `all` last.
    private static TreeSet<String> shots(List<TableRow> own) {
        var shots = new TreeSet<String>(
                Comparator.comparingLong(word -> word.equals(ALL) ? Long.MAX_VALUE : Long.parseLong(word)));
        ROWS.forEach(row -> shots.add(row.shots()));
        own.forEach(row -> shots.add(row.shots()));
        return shots;
    }

    private static String line(TableRow row) {
        var cells = new ArrayList<>(List.of(
                row.shots(),
                row.model().replace("|", "\\|"),
                row.about().parameters(),
                row.about().pretrained(),
                row.about().epochs()));
        for (var layout : COLUMNS) {
            var top1 = row.top1().get(layout);
            cells.add(top1 == null ? "" : percent(top1));
        }
        cells.add(row.average().stream()
                .mapToObj(PublishedTable::percent)
                .findFirst()
                .orElse(""));
        return line(cells);
    }

    private static String percent(double value) {
        return Text.format("%.2f", value);
    }

    private static String line(List<String> cells) {
        return "| "
                + String.join(
                        " | ",
                        cells.stream()
                                .map(cell -> cell.isEmpty() ? NOTHING : cell)
                                .toList()) + " |";
    }
}
