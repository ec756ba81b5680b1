package dev.lejepa.trainer.eval;

import dev.lejepa.graphs.Text;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// The Epps-Pulley statistic of LeJEPA's regulariser, averaged over random directions: how far the rows are from a
/// standard normal distribution. Plain double precision, for diagnosis; training uses the graph's own.
///
/// `T = N * sum over j of w_j ((C_j - phi_j)^2 + S_j^2)` with the mean cosine `C_j` and sine `S_j` at knot
/// `t_j = j tMax / (knots - 1)`, `phi_j = exp(-t_j^2 / 2)` and trapezoidal weights times `phi_j`, doubled by symmetry.
///
/// @param knots odd, at least 3
/// @param tMax the last knot
public record SlicedEppsPulley(int knots, double tMax) {

    public SlicedEppsPulley {
        if (knots < 3 || knots % 2 == 0 || !(tMax > 0)) {
            throw new IllegalArgumentException(Text.format("%d knots up to %s", knots, tMax));
        }
    }

    /// Expected value for standard normal rows, whatever their number: `sum of w_j (1 - phi_j^2)`, 1.0525 for 17 knots
    /// up to 3.
    public double ofPerfectRows() {
        return IntStream.range(0, knots)
                .mapToDouble(j -> weight(j) * (1 - phi(j) * phi(j)))
                .sum();
    }

    /// Value per row where all rows are zero: `sum of w_j (1 - phi_j)^2`, 0.40205 for 17 knots up to 3. Rows that are
    /// all equal but not zero have more.
    public double ofZeroPerRow() {
        return IntStream.range(0, knots)
                .mapToDouble(j -> weight(j) * (1 - phi(j)) * (1 - phi(j)))
                .sum();
    }

    /// The statistic along random directions.
    ///
    /// @param slices number of directions
    /// @param seed of the directions
    public double statistic(Features x, int slices, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double sum = 0;
        for (int s = 0; s < slices; s++) {
            double[] direction = new double[x.columns()];
            for (int j = 0; j < direction.length; j++) {
                direction[j] = random.nextGaussian();
            }
            sum += along(x, direction);
        }
        return sum / slices;
    }

    /// The statistic along one direction, which need not have length 1.
    double along(Features x, double[] direction) {
        double length = 0;
        for (double d : direction) {
            length += d * d;
        }
        length = Math.sqrt(length);
        double[] cosines = new double[knots];
        double[] sines = new double[knots];
        for (int r = 0; r < x.rows(); r++) {
            double p = 0;
            for (int j = 0; j < direction.length; j++) {
                p += x.at(r, j) * direction[j];
            }
            addWaves(p / length * tMax / (knots - 1), cosines, sines);
        }
        double sum = 0;
        for (int j = 0; j < knots; j++) {
            double c = cosines[j] / x.rows() - phi(j);
            double s = sines[j] / x.rows();
            sum += weight(j) * (c * c + s * s);
        }
        return x.rows() * sum;
    }

    /// Adds cos and sin of all multiples of an angle; each is the one before, turned by the angle.
    private static void addWaves(double angle, double[] cosines, double[] sines) {
        double c1 = Math.cos(angle);
        double s1 = Math.sin(angle);
        double c = 1;
        double s = 0;
        for (int j = 0; j < cosines.length; j++) {
            cosines[j] += c;
            sines[j] += s;
            double turned = c * c1 - s * s1;
            s = s * c1 + c * s1;
            c = turned;
        }
    }

    private double phi(int j) {
        double t = j * tMax / (knots - 1);
        return Math.exp(-t * t / 2);
    }

    private double weight(int j) {
        double width = tMax / (knots - 1);
        return phi(j) * (j == 0 || j == knots - 1 ? width : 2 * width);
    }
}
