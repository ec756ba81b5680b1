package dev.lejepa.tools.eval;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lejepa.tools.stat.FeatureTests;
import dev.lejepa.trainer.eval.HealthReport;
import java.util.List;

/// The health of features for scripts. What is not known is `null`.
final class HealthJson {
    private HealthJson() {}

    static ObjectNode of(HealthReport health, List<FeatureTests.Row> tests) {
        var json = JsonNodeFactory.instance.objectNode();
        health.numbers().forEach((name, number) -> {
            if (number instanceof Integer count) {
                json.put(name, count);
            } else {
                put(json, name, number.doubleValue());
            }
        });
        var spectrum = json.putArray("spectrum");
        for (var value : health.spectrum()) {
            spectrum.add(value);
        }
        var all = json.putObject("tests");
        for (var test : tests) {
            var one = all.putObject(test.test());
            put(one, "statistic", test.statistic());
            put(one, "expected", test.expected());
        }
        return json;
    }

    private static void put(ObjectNode json, String name, double value) {
        if (Double.isFinite(value)) {
            json.put(name, value);
        } else {
            json.putNull(name);
        }
    }
}
