package dev.lejepa.trainer.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.trainer.train.TrainEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProgressLineTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Events.Clock clock = new Events.Clock();

    private ProgressLine progress(boolean terminal) {
        return new ProgressLine(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal, clock);
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private void steps(ProgressLine progress, long from, long to, Duration each) {
        for (long step = from; step <= to; step++) {
            clock.advance(each);
            progress.on(Events.step(step));
        }
    }

    @Test
    void terminalGetsOneLineThatIsRewritten() {
        ProgressLine progress = progress(true);
        progress.on(Events.started(0, 100));
        steps(progress, 1, 5, Duration.ofMillis(500));
        assertEquals(-1, text().indexOf('\n'), "no line end before the estimate");
        assertTrue(
                text().contains(
                                "5/100  64.0 images/s  48s left  loss 0.500  invariance 0.250  SIGReg 2.00  probe 2.250"),
                text());
    }

    @Test
    void logGetsALineAMinuteWithoutControlCharacters() {
        ProgressLine progress = progress(false);
        progress.on(Events.started(0, 1000));
        steps(progress, 1, 180, Duration.ofSeconds(1));
        List<String> lines = text().lines().toList();
        assertEquals(4, lines.size(), text());
        assertTrue(lines.get(0).startsWith("step 1/1000  ? images/s  ? left"), lines.get(0));
        assertTrue(lines.get(1).startsWith("32.0 images/s; 16m30s to go, done about "), lines.get(1));
        assertTrue(lines.get(2).startsWith("step 61/1000  32.0 images/s  15m39s left"), lines.get(2));
        assertTrue(text().chars().allMatch(c -> c == '\n' || c >= ' '));
    }

    @Test
    void rankOfTheEmbeddingIsToldOnceItIsKnown() {
        ProgressLine progress = progress(false);
        progress.on(Events.started(0, 100));
        progress.on(Events.step(1));
        assertFalse(text().contains("rank"), text());
        progress.on(Events.health(1));
        progress.on(Events.epoch(1, 1));
        assertTrue(text().contains("probe 2.250  rank 2.0/2, held-out top-1"), text());
    }

    @Test
    void epochLineHasMeansAndAccuracy() {
        ProgressLine progress = progress(false);
        progress.on(Events.started(0, 6));
        progress.on(Events.step(1, 0.5, 2));
        progress.on(Events.step(2, 0.25, 4));
        progress.on(Events.epoch(2, 1));
        progress.on(Events.step(3, 0.75, 1));
        progress.on(Events.epoch(3, 2));
        assertTrue(text().contains(
                        "epoch 1/2: loss 0.375  invariance 0.250  SIGReg 3.00  probe 2.250, held-out top-1 37.5 %"));
        assertTrue(text().contains("epoch 2/2: loss 0.750  invariance 0.250  SIGReg 1.00"), "means begin anew");
    }

    @Test
    void warningsAndEndAreLinesOfTheirOwn() {
        ProgressLine progress = progress(true);
        progress.on(Events.started(40, 100));
        progress.on(new TrainEvent.Warned(41, TrainEvent.Topic.COLLAPSE, "rows are equal", List.of()));
        progress.on(Events.ended(100));
        assertTrue(text().contains("resuming after step 40 of 100" + System.lineSeparator()));
        assertTrue(text().contains("warning (step 41): rows are equal" + System.lineSeparator()));
        assertTrue(text().contains("done after step 100 of 100, 13s"));
    }

    @ParameterizedTest
    @CsvSource({"0, 0s", "59, 59s", "60, 1m00s", "3599, 59m59s", "3600, 1h00m", "172800, 2d00h", "273600, 3d04h"})
    void spansReadAsPeopleWriteThem(long seconds, String expected) {
        assertEquals(expected, Spans.text(Duration.ofSeconds(seconds)));
    }
}
