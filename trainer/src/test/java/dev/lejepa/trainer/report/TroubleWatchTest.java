package dev.lejepa.trainer.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.trainer.eval.Features;
import dev.lejepa.trainer.eval.Health;
import dev.lejepa.trainer.train.TrainEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

final class TroubleWatchTest {
    private final List<TrainEvent> told = new ArrayList<>();
    private final TroubleWatch watch = new TroubleWatch(
            new TroubleWatch.Limits(20, 10, 0.1, 1e-3, 0.05, 100, 10, 4),
            Optional.of(new SigregLevels(1.0525, 64 * 0.40205)),
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
    private static TrainEvent.Measured sample(long step, int used, double scale, double offset) {
        SplittableRandom random = new SplittableRandom(3);
        float[] values = new float[128 * 32];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (offset + scale * random.nextGaussian() * (i % 32 < used ? 1 : 0.002));
        }
        return measured(step, values);
    }

    private static TrainEvent.Measured measured(long step, float[] values) {
        return new TrainEvent.Measured(step, "projection", Health.of(new Features(values, 128, 32)));
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
    void healthyRowsAreNotAccused() {
        watch.on(sample(100, 32, 1, 0));
        assertEquals(List.of(), told);
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
    void dimensionsThatNoLongerVaryAreTold() {
        float[] values = new float[128 * 32];
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 32 < 3 ? 1 : (float) random.nextGaussian();
        }
        watch.on(measured(100, values));
        assertEquals(TrainEvent.Topic.DEAD, warnings().getFirst().topic());
        String message = warnings().getFirst().message();
        assertTrue(message.startsWith("3 of 32 dimensions of the projections no longer vary"), message);
    }

    @Test
    void projectionsThatRunAwayAreToldOnceUntilTheyCameBack() {
        watch.on(sample(100, 32, 40, 0));
        watch.on(sample(150, 32, 41, 0));
        assertEquals(1, warnings().size());
        assertEquals(TrainEvent.Topic.SIZE, warnings().getFirst().topic());
        assertTrue(
                warnings().getFirst().message().startsWith("the projections run away: values of size 40"),
                warnings().getFirst().message());
        watch.on(sample(200, 32, 1, 0));
        watch.on(sample(250, 32, 41, 0));
        assertEquals(2, warnings().size());
    }

    @Test
    void rowsThatAreNotFiniteAreTold() {
        float[] values = new float[128 * 32];
        values[7] = Float.POSITIVE_INFINITY;
        watch.on(measured(100, values));
        assertTrue(
                warnings().getFirst().message().contains("not finite"),
                warnings().getFirst().message());
    }

    private void epoch(int number, double loss, double top1) {
        watch.on(Events.step(10L * number, loss, 2));
        watch.on(new TrainEvent.EpochDone(10L * number, number, OptionalDouble.of(top1), OptionalDouble.of(1)));
    }

    @Test
    void probeThatGetsWorseWhileTheLossFallsIsTold() {
        epoch(1, 0.9, 0.9); // within the grace
        for (int i = 2; i <= 4; i++) {
            epoch(i, 0.4, 0.6);
        }
        epoch(5, 0.3, 0.5);
        assertEquals(List.of(), warnings());
        epoch(6, 0.2, 0.5);
        epoch(7, 0.2, 0.5);
        assertEquals(TrainEvent.Topic.PROBE, warnings().getFirst().topic());
        String message = warnings().getFirst().message();
        assertTrue(
                message.contains("top-1 53.3 % on held-out images over the last 3 epochs, 60.0 % up to epoch 4"),
                message);
    }

    @Test
    void probeThatFallsWithARisingLossOrStaysIsNotAccused() {
        for (int i = 2; i <= 4; i++) {
            epoch(i, 0.4, 0.6);
        }
        for (int i = 5; i <= 7; i++) {
            epoch(i, 0.5, 0.5);
        }
        for (int i = 8; i <= 14; i++) {
            epoch(i, 0.1, i % 2 == 0 ? 0.65 : 0.53);
        }
        assertEquals(List.of(), warnings());
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
