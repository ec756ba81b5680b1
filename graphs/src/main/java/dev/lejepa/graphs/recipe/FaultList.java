package dev.lejepa.graphs.recipe;

import dev.lejepa.graphs.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// Collects faults; each method states one kind of rule.
public final class FaultList {
    private final List<Fault> faults = new ArrayList<>();

    public List<Fault> faults() {
        return List.copyOf(faults);
    }

    public void add(String key, String problem) {
        faults.add(new Fault(key, problem));
    }

    public void atLeast(String key, long found, long least) {
        if (found < least) {
            add(key, Text.format("is %d, must be at least %d", found, least));
        }
    }

    void atLeast(String key, OptionalInt found, long least) {
        found.ifPresent(value -> atLeast(key, value, least));
    }

    public void positive(String key, double found) {
        if (!(found > 0 && Double.isFinite(found))) {
            add(key, Text.format("is %s, must be greater than 0", text(found)));
        }
    }

    void notNegative(String key, double found) {
        if (!(found >= 0 && Double.isFinite(found))) {
            add(key, Text.format("is %s, must be 0 or greater", text(found)));
        }
    }

    void within(String key, double found, double low, double high) {
        if (!(found >= low && found <= high)) {
            add(key, Text.format("is %s, must lie between %s and %s", text(found), text(low), text(high)));
        }
    }

    /// At least `low` and less than `high`.
    public void below(String key, double found, double low, double high) {
        if (!(found >= low && found < high)) {
            add(key, Text.format("is %s, must be at least %s and less than %s", text(found), text(low), text(high)));
        }
    }

    void probability(String key, double found) {
        within(key, found, 0, 1);
    }

    /// A range of positive numbers in rising order, up to `most`.
    void range(String key, Interval found, double most) {
        boolean fits = found.low() > 0 && found.low() <= found.high() && found.high() <= most;
        if (!fits || !Double.isFinite(found.high())) {
            String limit = Double.isInfinite(most) ? "" : ", the second at most " + text(most);
            add(
                    key,
                    Text.format(
                            "is [%s, %s], must be two numbers greater than 0, the smaller first%s",
                            text(found.low()), text(found.high()), limit));
        }
    }

    void odd(String key, int found, int least) {
        if (found < least || found % 2 == 0) {
            add(key, Text.format("is %d, must be an odd number of at least %d", found, least));
        }
    }

    private static String text(double value) {
        return new Setting.Real(value).text();
    }
}
