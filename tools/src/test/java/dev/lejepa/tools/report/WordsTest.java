package dev.lejepa.tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class WordsTest {
    private static List<String> numbers(double... values) {
        return DoubleStream.of(values).mapToObj(Words::number).toList();
    }

    @Test
    void numbersHaveFourSignificantDigits() {
        assertEquals(
                List.of("0", "1", "0.1235", "12.35", "123500", "-0.001", "1.235e-05", "1.235e+06", "–"),
                numbers(0, 1, 0.123456, 12.3456, 123456, -0.001, 0.0000123456, 1234567, Double.NaN));
    }

    @Test
    void timesHaveTheirTwoLargestUnits() {
        assertEquals(
                List.of("0.5 s", "42 s", "2 min 43 s", "3 h 05 min", "4 d 02 h", "–"),
                DoubleStream.of(0.5, 42, 163.04, 11_100, 353_000, Double.NaN)
                        .mapToObj(Words::time)
                        .toList());
    }

    @Test
    void countsAreGroupedAndNameTheirThings() {
        assertEquals("1 step", Words.count(1, "step"));
        assertEquals("100,000 steps", Words.count(100_000, "step"));
        assertEquals("61.7\u00a0%", Words.percent(0.6172));
    }
}
