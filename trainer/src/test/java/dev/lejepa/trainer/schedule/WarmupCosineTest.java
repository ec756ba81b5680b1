package dev.lejepa.trainer.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WarmupCosineTest {
    /// Both are double precision; the reference multiplies up from step to step in part of its code.
    private static final double RELATIVE = 1e-9;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "adamw_minimal_eta_above_lr",
                "adamw_minimal_lr2e-3_eta1e-3",
                "adamw_readme_lr5e-4_eta_lr1000",
                "lr_minimal_800ep",
                "lr_readme"
            })
    void ratesEqualTorchs(String table) throws IOException {
        List<String[]> lines = read(table);
        double[] bases = numbers(lines.get(0));
        long warmup = (long) numbers(lines.get(1))[0];
        long total = (long) numbers(lines.get(2))[0];
        double start = numbers(lines.get(3))[0];
        double end = numbers(lines.get(4))[0];
        for (String[] line : lines.subList(5, lines.size())) {
            double[] expected = numbers(line);
            for (int group = 0; group < bases.length; group++) {
                var schedule = new WarmupCosine(bases[group], warmup, total, start, end / bases[group]);
                assertEquals(
                        expected[group],
                        schedule.at(Long.parseLong(line[0])),
                        RELATIVE * bases[group],
                        "step " + line[0]);
            }
        }
    }

    @Test
    void rateStaysAtItsFinalValueAfterTheLastStep() {
        var schedule = new WarmupCosine(1, 2, 10, 0.1, 0.25);
        assertEquals(0.25, schedule.at(10));
        assertEquals(0.25, schedule.at(1000));
        assertTrue(schedule.at(9) > 0.25);
    }

    @Test
    void scheduleWithoutWarmupBeginsAtItsBase() {
        assertEquals(3, new WarmupCosine(3, 0, 10, 0.01, 0).at(0));
    }

    @Test
    void warmupLongerThanTheRunOnlyRises() {
        var schedule = new WarmupCosine(1, 8, 4, 0, 0.5);
        assertEquals(0.375, schedule.at(3));
    }

    @Test
    void constantRateIsTheSameInEveryStep() {
        assertEquals(0.3, WarmupCosine.constant(0.3).at(0));
        assertEquals(0.3, WarmupCosine.constant(0.3).at(12345));
    }

    @Test
    void negativeRateIsRefusedByItsKey() {
        var error = assertThrows(BadInputException.class, () -> new WarmupCosine(-1e-3, 0, 10, 0.01, 1));
        assertEquals("lr: found -0.001, expected a finite number of at least 0", error.getMessage());
    }

    private static double[] numbers(String[] line) {
        return Arrays.stream(line).skip(1).mapToDouble(Double::parseDouble).toArray();
    }

    private static List<String[]> read(String table) throws IOException {
        try (InputStream in = Objects.requireNonNull(WarmupCosineTest.class.getResourceAsStream(table + ".csv"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(","))
                    .toList();
        }
    }
}
