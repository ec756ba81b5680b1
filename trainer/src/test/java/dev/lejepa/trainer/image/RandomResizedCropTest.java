package dev.lejepa.trainer.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.random.Draws;
import dev.lejepa.graphs.random.Key;
import dev.lejepa.graphs.recipe.Interval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomResizedCropTest {
    private static final Interval RATIO = new Interval(0.75, 4.0 / 3.0);
    private static final int HEIGHT = 375;
    private static final int WIDTH = 500;
    private static final int TRIALS = 20_000;

    /// Means of 20,000 draws of torchvision with their standard errors; ours have the same, so the difference has
    /// sqrt(2) of it, and five of those leave a chance of 1e-6 that a right sampler fails.
    @ParameterizedTest
    @CsvSource({
        "0.3, 1.0, 0.54817, 0.00114, 0.04683, 0.00114, 309.43, 0.297, 327.15, 0.448, 0.49841, 0.00215, 0.49824, 0.00205",
        "0.05, 0.3, 0.17479, 0.00051, -0.00199, 0.00117, 177.53, 0.298, 177.18, 0.297, 0.49551, 0.00205, 0.49967, 0.00205",
        "0.08, 1.0, 0.43239, 0.00153, 0.03141, 0.00116, 269.75, 0.499, 281.55, 0.611, 0.50033, 0.00211, 0.50144, 0.00205"
    })
    void hasTheDistributionOfTorchvision(
            double low,
            double high,
            double area,
            double areaError,
            double logRatio,
            double logRatioError,
            double height,
            double heightError,
            double width,
            double widthError,
            double top,
            double topError,
            double left,
            double leftError) {
        double[] mean = new double[6];
        for (int i = 0; i < TRIALS; i++) {
            Box box = RandomResizedCrop.draw(
                    HEIGHT,
                    WIDTH,
                    new Interval(low, high),
                    RATIO,
                    Key.of(5, "crop", i).draws());
            double[] values = {
                (double) box.height() * box.width() / (HEIGHT * WIDTH),
                Math.log((double) box.width() / box.height()),
                box.height(),
                box.width(),
                // where a box has no room to move, the reference counts the middle
                box.height() == HEIGHT ? 0.5 : (double) box.top() / (HEIGHT - box.height()),
                box.width() == WIDTH ? 0.5 : (double) box.left() / (WIDTH - box.width())
            };
            for (int k = 0; k < mean.length; k++) {
                mean[k] += values[k] / TRIALS;
            }
        }
        double[] expected = {area, logRatio, height, width, top, left};
        double[] error = {areaError, logRatioError, heightError, widthError, topError, leftError};
        for (int k = 0; k < mean.length; k++) {
            assertEquals(expected[k], mean[k], 5 * Math.sqrt(2) * error[k], "quantity " + k);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1000, 0, 499, 1, 1",
        "1000, 1, 499, 0, 1, 1",
        "300, 1000, 0, 300, 300, 400",
        "1000, 300, 300, 0, 400, 300"
    })
    void fallsBackToTheCentredBoxOfThePermittedRatio(
            int height, int width, int top, int left, int boxHeight, int boxWidth) {
        // a whole area never fits such an image within the ratios
        Box box = RandomResizedCrop.draw(
                height, width, new Interval(1, 1), RATIO, Key.of(1).draws());
        assertEquals(new Box(top, left, boxHeight, boxWidth), box);
    }

    @Test
    void boxesLieWithinTheImageWhateverItsShape() {
        Draws draws = Key.of(9).draws();
        for (int i = 0; i < 5000; i++) {
            int height = 1 + draws.below(60);
            int width = 1 + draws.below(60);
            Box box = RandomResizedCrop.draw(height, width, new Interval(0.01, 1), RATIO, draws);
            assertTrue(box.top() + box.height() <= height && box.left() + box.width() <= width, box.toString());
        }
    }
}
