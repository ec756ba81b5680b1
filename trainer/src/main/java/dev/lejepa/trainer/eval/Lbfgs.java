package dev.lejepa.trainer.eval;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/// Limited-memory BFGS for smooth convex functions, with a line search that backs off until the value falls enough and
/// the curvature condition for the update holds or is skipped.
/// Nocedal and Wright, *Numerical Optimization*, algorithms 7.4 and 7.5.
final class Lbfgs {
    private static final int MEMORY = 10;
    private static final int BACKTRACKS = 30;
    /// Fraction of the predicted decrease that a step must deliver.
    private static final double SUFFICIENT = 1e-4;

    private final double tolerance;
    private final int maxIterations;
    private final Deque<Pair> pairs = new ArrayDeque<>();

    /// A function with its gradient.
    @FunctionalInterface
    interface Objective {
        /// @param gradient filled with the gradient at `x`
        /// @return the value at `x`
        double evaluate(double[] x, double[] gradient);
    }

    /// How a minimization ended; `converged` is false where iterations ran out or rounding allowed no further decrease.
    record Result(double value, double largestGradient, int iterations, boolean converged) {}

    /// Change of the point, change of the gradient, and the inverse of their product.
    private record Pair(double[] step, double[] change, double inverse) {}

    /// @param tolerance stops where no component of the gradient is larger
    Lbfgs(double tolerance, int maxIterations) {
        this.tolerance = tolerance;
        this.maxIterations = maxIterations;
    }

    /// Minimizes from `x`, which ends up at the minimum.
    Result minimize(double[] x, Objective objective) {
        pairs.clear();
        double[] gradient = new double[x.length];
        double value = objective.evaluate(x, gradient);
        double[] nextX = new double[x.length];
        double[] nextGradient = new double[x.length];
        int iteration = 0;
        for (; iteration < maxIterations && largest(gradient) > tolerance; iteration++) {
            double[] direction = direction(gradient);
            double slope = dot(direction, gradient);
            double scale = iteration == 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
            double nextValue = Double.POSITIVE_INFINITY;
            int tries = 0;
            for (; tries < BACKTRACKS; tries++, scale /= 2) {
                step(x, direction, scale, nextX);
                nextValue = objective.evaluate(nextX, nextGradient);
                if (nextValue <= value + SUFFICIENT * scale * slope) {
                    break;
                }
            }
            if (tries == BACKTRACKS) {
                break;
            }
            remember(x, nextX, gradient, nextGradient);
            System.arraycopy(nextX, 0, x, 0, x.length);
            System.arraycopy(nextGradient, 0, gradient, 0, x.length);
            value = nextValue;
        }
        double left = largest(gradient);
        return new Result(value, left, iteration, left <= tolerance);
    }

    private static void step(double[] x, double[] direction, double scale, double[] out) {
        for (int i = 0; i < x.length; i++) {
            out[i] = x[i] + scale * direction[i];
        }
    }

    private void remember(double[] x, double[] nextX, double[] gradient, double[] nextGradient) {
        double[] step = difference(nextX, x);
        double[] change = difference(nextGradient, gradient);
        double product = dot(step, change);
        if (product <= 1e-12 * dot(change, change)) {
            return;
        }
        if (pairs.size() == MEMORY) {
            pairs.removeLast();
        }
        pairs.addFirst(new Pair(step, change, 1 / product));
    }

    /// Minus the inverse Hessian's approximation times the gradient (two-loop recursion).
    private double[] direction(double[] gradient) {
        double[] q = gradient.clone();
        double[] alphas = new double[pairs.size()];
        int i = 0;
        for (Pair pair : pairs) {
            alphas[i] = pair.inverse * dot(pair.step, q);
            step(q, pair.change, -alphas[i++], q);
        }
        if (!pairs.isEmpty()) {
            Pair newest = pairs.getFirst();
            double scale = 1 / (newest.inverse * dot(newest.change, newest.change));
            for (int j = 0; j < q.length; j++) {
                q[j] *= scale;
            }
        }
        for (Iterator<Pair> oldestFirst = pairs.descendingIterator(); oldestFirst.hasNext(); ) {
            Pair pair = oldestFirst.next();
            double beta = pair.inverse * dot(pair.change, q);
            step(q, pair.step, alphas[--i] - beta, q);
        }
        for (int j = 0; j < q.length; j++) {
            q[j] = -q[j];
        }
        return q;
    }

    private static double[] difference(double[] a, double[] b) {
        double[] d = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            d[i] = a[i] - b[i];
        }
        return d;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double largest(double[] a) {
        double max = 0;
        for (double v : a) {
            max = Math.max(max, Math.abs(v));
        }
        return max;
    }
}
