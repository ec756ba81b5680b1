package dev.lejepa.graphs.recipe;

import dev.lejepa.graphs.Text;
import java.util.Collections;
import java.util.List;

/// Rules of the numbers by which colors are normalized.
final class ColorRules {
    /// Colors from 0 to 1 deviate by 0.5 at most; a little more may be meant, such as 1 where nothing is divided.
    private static final double LARGEST_STD = 5;

    private static final double BRIGHTEST = 255;

    private ColorRules() {}

    static void check(ViewsSpec views, FaultList faults) {
        channels("views.mean", views.mean(), faults);
        channels("views.std", views.std(), faults);
        if (views.mean().stream().anyMatch(mean -> !(mean >= 0 && mean <= 1))) {
            outOfScale("views.mean", views.mean(), faults);
        }
        if (views.std().stream().anyMatch(deviation -> deviation > LARGEST_STD)) {
            outOfScale("views.std", views.std(), faults);
        }
        for (double deviation : views.std()) {
            faults.positive("views.std", deviation);
        }
    }

    private static void channels(String key, List<Double> values, FaultList faults) {
        if (values.size() != 3 || !values.stream().allMatch(Double::isFinite)) {
            faults.add(key, Text.format("has %d numbers, must be 3: red, green, blue", values.size()));
        }
    }

    private static void outOfScale(String key, List<Double> found, FaultList faults) {
        double largest = Collections.max(found);
        String meaning = largest > LARGEST_STD && largest <= BRIGHTEST
                ? "; these look like levels from 0 to 255, so divide by 255: " + listed(found, BRIGHTEST)
                : "";
        faults.add(key, Text.format("is %s, must be in the scale of colors from 0 to 1%s", listed(found, 1), meaning));
    }

    /// The numbers divided by another, to four places where they are.
    private static String listed(List<Double> values, double divisor) {
        return new Setting.Listing(values.stream()
                        .<Setting>map(value ->
                                new Setting.Real(divisor == 1 ? value : Math.rint(value / divisor * 1e4) / 1e4))
                        .toList())
                .text();
    }
}
