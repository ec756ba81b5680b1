package dev.lejepa.trainer.demo;

import dev.lejepa.graphs.random.Draws;

/// A motif placed on the plane: at some angle, size and offset, its shapes loosely on a grid.
final class Pattern {
    /// Cells of the grid that differ, in each direction; more than an image has.
    private static final int CELLS = 16;
    /// Line patterns repeat faster than shapes do, so that features have about equal sizes.
    private static final double LINE_PERIOD = 0.75;

    private static final double LEAST_PERIOD = 10;
    private static final double MOST_PERIOD = 20;
    private static final double LEAST_RADIUS = 0.34;
    private static final double MOST_RADIUS = 0.42;
    private static final double LOOSENESS = 0.07;

    private final Motif motif;
    private final double period;
    private final Turn turn;
    private final double offsetU;
    private final double offsetV;
    private final Turn[] turns = new Turn[CELLS * CELLS];
    private final double[] radius = new double[CELLS * CELLS];
    private final double[] shiftU = new double[CELLS * CELLS];
    private final double[] shiftV = new double[CELLS * CELLS];

    private record Turn(double cos, double sin) {
        static Turn draw(Draws draws) {
            double angle = draws.uniform(0, 2 * Math.PI);
            return new Turn(StrictMath.cos(angle), StrictMath.sin(angle));
        }

        double x(double x, double y) {
            return cos * x + sin * y;
        }

        double y(double x, double y) {
            return cos * y - sin * x;
        }
    }

    Pattern(Motif motif, Draws draws) {
        this.motif = motif;
        // sizes are equally likely on a logarithmic scale
        double size = StrictMath.exp(draws.uniform(StrictMath.log(LEAST_PERIOD), StrictMath.log(MOST_PERIOD)));
        this.period = motif.isShape() ? size : size * LINE_PERIOD;
        this.turn = Turn.draw(draws);
        this.offsetU = draws.uniform(0, CELLS);
        this.offsetV = draws.uniform(0, CELLS);
        for (int cell = 0; cell < CELLS * CELLS; cell++) {
            turns[cell] = Turn.draw(draws);
            radius[cell] = draws.uniform(LEAST_RADIUS, MOST_RADIUS);
            shiftU[cell] = draws.uniform(-LOOSENESS, LOOSENESS);
            shiftV[cell] = draws.uniform(-LOOSENESS, LOOSENESS);
        }
    }

    /// How much of a pixel the pattern covers, 0 to 1.
    double coverage(double x, double y) {
        double u = turn.x(x, y) / period + offsetU;
        double v = turn.y(x, y) / period + offsetV;
        double distance = motif.isShape() ? toShape(u, v) : motif.lines(u, v);
        return Math.clamp(0.5 - distance * period, 0, 1);
    }

    private double toShape(double u, double v) {
        double column = Math.floor(u);
        double row = Math.floor(v);
        int cell = Math.floorMod((int) row, CELLS) * CELLS + Math.floorMod((int) column, CELLS);
        double x = u - column - 0.5 - shiftU[cell];
        double y = v - row - 0.5 - shiftV[cell];
        return motif.shape(turns[cell].x(x, y), turns[cell].y(x, y), radius[cell]);
    }
}
