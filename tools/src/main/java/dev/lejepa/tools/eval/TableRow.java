package dev.lejepa.tools.eval;

import dev.lejepa.trainer.layout.Layout;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;

/// A row of the published table: an encoder's linear probes on eight data sets.
///
/// @param shots labeled images of each class: a number, or `all`
/// @param about parameters, images and epochs of its pre-training; empty where unknown
/// @param top1 in percent; data sets without a number are not there
record TableRow(String shots, String model, About about, Map<Layout, Double> top1) {
    /// What the table says of an encoder.
    record About(String parameters, String pretrained, String epochs) {
        static final About UNKNOWN = new About("", "", "");
    }

    TableRow {
        top1 = Map.copyOf(top1);
    }

    /// @param top1 in the order of the table's columns
    static TableRow published(String shots, String model, About about, double... top1) {
        var numbers = new EnumMap<Layout, Double>(Layout.class);
        for (var i = 0; i < top1.length; i++) {
            numbers.put(PublishedTable.COLUMNS.get(i), top1[i]);
        }
        return new TableRow(shots, model, about, numbers);
    }

    /// The mean over all eight data sets; nothing where one is missing.
    OptionalDouble average() {
        return top1.keySet().containsAll(PublishedTable.COLUMNS)
                ? PublishedTable.COLUMNS.stream().mapToDouble(top1::get).average()
                : OptionalDouble.empty();
    }
}
