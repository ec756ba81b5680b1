package dev.lejepa.tools.pictures;

import dev.lejepa.graphs.random.Key;
import dev.lejepa.trainer.eval.Features;
import dev.lejepa.trainer.eval.PrincipalAxes;
import java.util.Arrays;
import java.util.stream.IntStream;

/// t-SNE, exactly: a plane on which rows that are near each other stay near (van der Maaten and Hinton, JMLR 9, 2008).
/// It takes the rows' first principal coordinates, begins with the first two of them, and goes down the divergence by
/// steps with momentum and a gain for each coordinate, all similarities exaggerated at first. Time and memory grow with
/// the square of the rows.
final class TSne {
    private static final int COORDINATES = 50;
    private static final double PERPLEXITY = 30;
    private static final double EXAGGERATION = 12;
    private static final int EXAGGERATED = 250;
    private static final int ITERATIONS = 1000;
    private static final double LEAST_RATE = 50;
    private static final double SPREAD = 1e-4;
    private static final double LEAST_GAIN = 0.01;

    private final int rows;
    /// Similarities of pairs, `[rows][rows]`, which sum to 1.
    private final float[][] p;

    private final double[] x;
    private final double[] y;
    private final double[] alongX;
    private final double[] alongY;
    private final double[] repelX;
    private final double[] repelY;
    private final double[] weights;

    private TSne(Features features, long seed) {
        rows = features.rows();
        var axes = PrincipalAxes.of(features, Math.min(COORDINATES, features.columns()));
        var coordinates = axes.project(features);
        p = Neighborhoods.of(coordinates, Math.min(PERPLEXITY, Math.max(1, (rows - 1) / 3.0)));
        var draws = Key.of(seed).draws();
        var scale = SPREAD / Math.max(Double.MIN_NORMAL, deviation(coordinates[0]));
        x = new double[rows];
        y = new double[rows];
        for (var i = 0; i < rows; i++) {
            // a little noise parts rows that are equal
            x[i] = coordinates[0][i] * scale + draws.normal() * SPREAD / 10;
            y[i] = (coordinates.length > 1 ? coordinates[1][i] * scale : 0) + draws.normal() * SPREAD / 10;
        }
        alongX = new double[rows];
        alongY = new double[rows];
        repelX = new double[rows];
        repelY = new double[rows];
        weights = new double[rows];
    }

    private static double deviation(double[] centered) {
        return Math.sqrt(Arrays.stream(centered).map(v -> v * v).average().orElse(0));
    }

    /// The places of rows on a plane, `[2][rows]`.
    ///
    /// @param seed of the noise that the places begin with
    static double[][] of(Features features, long seed) {
        var tsne = new TSne(features, seed);
        tsne.descend();
        return new double[][] {tsne.x, tsne.y};
    }

    private void descend() {
        go(EXAGGERATED, EXAGGERATION, 0.5);
        go(ITERATIONS - EXAGGERATED, 1, 0.8);
    }

    /// Some steps from standstill.
    private void go(int steps, double exaggeration, double momentum) {
        var rate = Math.max(LEAST_RATE, rows / EXAGGERATION / 4);
        var moves = new double[2][rows];
        var gains = new double[2][rows];
        Arrays.fill(gains[0], 1);
        Arrays.fill(gains[1], 1);
        for (var i = 0; i < steps; i++) {
            var total = forces();
            step(x, moves[0], gains[0], alongX, repelX, exaggeration, total, momentum, rate);
            step(y, moves[1], gains[1], alongY, repelY, exaggeration, total, momentum, rate);
        }
    }

    /// What pulls at each row and what pushes it, before they are weighed.
    ///
    /// @return the sum of all pairs' weights on the plane
    private double forces() {
        IntStream.range(0, rows).parallel().forEach(this::force);
        // in order, so that threads change no bits
        return Arrays.stream(weights).sum();
    }

    private void force(int i) {
        var similar = p[i];
        var pullX = 0.0;
        var pullY = 0.0;
        var pushX = 0.0;
        var pushY = 0.0;
        var sum = 0.0;
        for (var j = 0; j < rows; j++) {
            var dx = x[i] - x[j];
            var dy = y[i] - y[j];
            var weight = 1 / (1 + dx * dx + dy * dy);
            var pull = similar[j] * weight;
            var push = weight * weight;
            pullX += pull * dx;
            pullY += pull * dy;
            pushX += push * dx;
            pushY += push * dy;
            sum += weight;
        }
        alongX[i] = pullX;
        alongY[i] = pullY;
        repelX[i] = pushX;
        repelY[i] = pushY;
        weights[i] = sum - 1; // without the row itself
    }

    private static void step(
            double[] place,
            double[] move,
            double[] gain,
            double[] pull,
            double[] push,
            double exaggeration,
            double total,
            double momentum,
            double rate) {
        var mean = 0.0;
        for (var i = 0; i < place.length; i++) {
            var gradient = 4 * (exaggeration * pull[i] - push[i] / total);
            gain[i] = Math.max(LEAST_GAIN, gradient * move[i] < 0 ? gain[i] + 0.2 : gain[i] * 0.8);
            move[i] = momentum * move[i] - rate * gain[i] * gradient;
            place[i] += move[i];
            mean += place[i] / place.length;
        }
        for (var i = 0; i < place.length; i++) {
            place[i] -= mean;
        }
    }
}
