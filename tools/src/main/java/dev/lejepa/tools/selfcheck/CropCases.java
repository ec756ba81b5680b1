package dev.lejepa.tools.selfcheck;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.random.Key;
import dev.lejepa.graphs.recipe.Interval;
import dev.lejepa.graphs.recipe.ViewsSpec;
import dev.lejepa.trainer.image.RandomResizedCrop;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;

/// Family 10, where random crops fall: statistics of many draws, each within five standard errors.
final class CropCases {
    private static final double ERRORS = 5;
    /// Ours come from so many times more draws that their own error does not matter.
    private static final int MORE = 20;
    /// `NAME_LOW_HIGH`, a range of scales.
    private static final Pattern SETTING = Pattern.compile("(.*)_([0-9.]+)_([0-9.]+)");

    private static final String QUANTILES = "quantiles_";

    private final GoldenCase golden;
    private final Comparison results;
    private final int height;
    private final int width;
    private final int draws;

    private CropCases(GoldenCase golden, Comparison results) {
        this.golden = golden;
        this.results = results;
        this.height = golden.params().integer("height");
        this.width = golden.params().integer("width");
        this.draws = golden.params().integer("draws");
    }

    static void check(GoldenCase golden, Comparison results) {
        var cases = new CropCases(golden, results);
        for (var setting : golden.document().object("scalars").keys()) {
            var words = SETTING.matcher(setting);
            if (!words.matches()) {
                throw new BadInputException(Text.format("%s: '%s' names no range of scales", golden, setting));
            }
            cases.setting(
                    setting, new Interval(Double.parseDouble(words.group(2)), Double.parseDouble(words.group(3))));
        }
    }

    private void setting(String setting, Interval scale) {
        var count = draws * MORE;
        var area = new double[count];
        var ratio = new double[count];
        var high = new double[count];
        var wide = new double[count];
        var top = DoubleStream.builder();
        var left = DoubleStream.builder();
        var whole = 0;
        var random = Key.of(0, "self-check of crops").draws();
        for (var i = 0; i < count; i++) {
            var box = RandomResizedCrop.draw(
                    height, width, scale, ViewsSpec.defaults().ratio(), random);
            area[i] = (double) box.height() * box.width() / ((double) height * width);
            ratio[i] = Math.log((double) box.width() / box.height());
            high[i] = box.height();
            wide[i] = box.width();
            // A box as high as the image has one place alone, which says nothing of how places are drawn.
            if (box.height() < height) {
                top.add((double) box.top() / (height - box.height()));
            }
            if (box.width() < width) {
                left.add((double) box.left() / (width - box.width()));
            }
            whole += box.height() == height && box.width() == width ? 1 : 0;
        }
        column(setting + "/area_fraction/", area);
        column(setting + "/log_ratio/", ratio);
        column(setting + "/height/", high);
        column(setting + "/width/", wide);
        column(setting + "/top_rel/", top.build().toArray());
        column(setting + "/left_rel/", left.build().toArray());
        fraction(setting + "/fraction_whole_image_or_fallback", (double) whole / count);
        correlation(setting + "/corr_area_logratio", Sample.correlation(area, ratio));
    }

    private void column(String prefix, double[] values) {
        var sample = Sample.of(values);
        for (var name : golden.scalars()) {
            if (name.startsWith(prefix)) {
                statistic(name, name.substring(prefix.length()), sample, values.length / MORE);
            }
        }
    }

    /// @param n numbers that the expected statistic is of
    private void statistic(String name, String what, Sample sample, int n) {
        switch (what) {
            case "mean" -> judge(name, sample.mean(), sample.errorOfMean(n));
            case "var" -> judge(name, sample.variance(), sample.errorOfVariance(n));
            case "standard_error_of_mean" -> {
                // its own error follows from that of the variance: d sqrt(v / n) = dv / (2 sqrt(v n))
                var error = sample.errorOfVariance(n) / (2 * Math.sqrt(sample.variance() * n));
                judge(name, sample.errorOfMean(n), error);
            }
            default -> {
                if (what.startsWith(QUANTILES)) {
                    quantiles(name, what.substring(QUANTILES.length()).split("_"), sample, n);
                }
            }
        }
    }

    private void judge(String name, double actual, double standardError) {
        results.judge(name, Math.abs(actual - golden.scalar(name)) / standardError, ERRORS);
    }

    /// @param percents levels of the quantiles, as the scalar's name has them
    private void quantiles(String name, String[] percents, Sample sample, int n) {
        var expected = golden.scalarList(name);
        if (expected.length != percents.length) {
            throw new BadInputException(Text.format("%s: %s holds %d quantiles", golden, name, expected.length));
        }
        for (var i = 0; i < expected.length; i++) {
            var level = Double.parseDouble(percents[i]) / 100;
            var error = Math.sqrt(level * (1 - level) / n);
            results.judge(name, sample.distanceFromLevel(expected[i], level) / error, ERRORS);
        }
    }

    private void fraction(String name, double actual) {
        if (golden.scalars().contains(name)) {
            // The error of a fraction of zero is that of one draw.
            judge(name, actual, Math.max(Math.sqrt(actual * (1 - actual) / draws), 1.0 / draws));
        }
    }

    private void correlation(String name, double actual) {
        if (golden.scalars().contains(name)) {
            judge(name, actual, (1 - actual * actual) / Math.sqrt(draws));
        }
    }
}
