package dev.lejepa.trainer.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.trainer.eval.Features;
import dev.lejepa.trainer.eval.SlicedEppsPulley;
import dev.lejepa.trainer.train.TrainEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

final class TroubleWatchTest {
    private final List<TrainEvent> told = new ArrayList<>();
    private final TroubleWatch watch = new TroubleWatch(
            new TroubleWatch.Limits(20, 10, 0.1, 1e-3, 4),
            Optional.of(new TroubleWatch.Statistic(new SlicedEppsPulley(17, 3), 64)),
            told::add);

    private List<TrainEvent.Warned> warnings() {
        return told.stream()
                .filter(TrainEvent.Warned.class::isInstance)
                .map(TrainEvent.Warned.class::cast)
                .toList();
    }

    private void statistic(int from, int to, IntToDoubleFunction value) {
        for (int step = from; step <= to; step++) {
            watch.on(Events.step(step, 0.4, value.applyAsDouble(step)));
        }
    }

    /// Rows of normal numbers in the first `used` columns, small noise in the others, an offset in all.
    private static TrainEvent.Sampled sample(long step, int used, double scale, double offset) {
        SplittableRandom random = new SplittableRandom(3);
        float[] values = new float[128 * 32];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (offset + scale * random.nextGaussian() * (i % 32 < used ? 1 : 0.002));
        }
        return new TrainEvent.Sampled(step, "projection", new Features(values, 128, 32));
    }

    @Test
    void lossThatIsNotFiniteNamesStepAndFilesOnce() {
        watch.on(Events.step(7, Double.NaN, 2));
        watch.on(Events.step(8, Double.NaN, 2));
        assertEquals(1, warnings().size());
        TrainEvent.Warned warning = warnings().getFirst();
        assertEquals(TrainEvent.Topic.LOSS, warning.topic());
        assertEquals(List.of("a/1.png", "b/2.png"), warning.files());
        assertTrue(warning.message().contains("the loss of step 7 is not a finite number"), warning.message());
        assertTrue(warning.message().contains("a/1.png, b/2.png"), warning.message());
    }

    @Test
    void troubleThatComesBackIsToldAgain() {
        watch.on(Events.step(7, Double.NaN, 2));
        watch.on(Events.step(8));
        watch.on(Events.step(9, Double.POSITIVE_INFINITY, 2));
        assertEquals(2, warnings().size());
    }

    @Test
    void healthyRowsAreMeasuredWithoutAWarning() {
        watch.on(sample(100, 32, 1, 0));
        assertEquals(List.of(), warnings());
        var measured = (TrainEvent.Measured) told.getFirst();
        assertEquals(32, measured.largestRank());
        assertTrue(measured.effectiveRank() > 30, "rank " + measured.effectiveRank());
        assertEquals(1, measured.deviation(), 0.1);
    }

    @Test
    void rowsInFewDirectionsAreTold() {
        watch.on(sample(100, 2, 1, 0));
        assertEquals(TrainEvent.Topic.COLLAPSE, warnings().getFirst().topic());
        String message = warnings().getFirst().message();
        assertTrue(message.contains("standard deviation 0.002") || message.contains("effective rank 2"), message);
    }

    @Test
    void nearlyEqualRowsAreToldEvenIfTheirNoiseHasFullRank() {
        watch.on(sample(100, 32, 1e-5, 3));
        String message = warnings().getFirst().message();
        assertTrue(message.contains("all images get nearly the same one"), message);
    }

    @Test
    void untrainedNetworkIsNotAccused() {
        watch.on(sample(5, 1, 1e-5, 3));
        statistic(1, 19, step -> 25);
        assertEquals(List.of(), warnings());
    }

    @Test
    void statisticOfCollapsedProjectionsIsTold() {
        statistic(1, 60, step -> 25.7);
        assertEquals(1, warnings().size());
        assertTrue(
                warnings().getFirst().message().contains("collapsing"),
                warnings().getFirst().message());
    }

    @Test
    void statisticThatDoesNotComeDownIsTold() {
        statistic(1, 60, step -> 6 + step * 0.01);
        assertEquals(1, warnings().size());
        assertTrue(
                warnings().getFirst().message().contains("does not come down"),
                warnings().getFirst().message());
    }

    @Test
    void statisticThatComesDownIsFine() {
        statistic(1, 60, step -> 12 - step * 0.15);
        assertEquals(List.of(), warnings());
    }
}
