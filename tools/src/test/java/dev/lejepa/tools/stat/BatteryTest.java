package dev.lejepa.tools.stat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatteryTest {
    private static List<BatteryResult.Row> rows(double... pValues) {
        var rows = new ArrayList<BatteryResult.Row>();
        for (var p : pValues) {
            rows.add(new BatteryResult.Row("test" + rows.size(), 0, 0, p, "monte_carlo"));
        }
        return rows;
    }

    @ParameterizedTest
    @CsvSource({"0.5, 0.5, Yes", "0.5, 1e-9, No", "NaN, 0.5, Perhaps", "NaN, 1e-9, No"})
    void verdictIsYesOnlyWhereEveryTestHasAPValueThatSaysSo(double first, double second, String word) {
        var verdict = Battery.verdict(rows(first, second), List.of());
        assertEquals(word, verdict.split("\\W")[0], verdict);
    }
}
