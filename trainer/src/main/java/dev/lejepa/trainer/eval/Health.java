package dev.lejepa.trainer.eval;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/// How healthy an embedding is, by its numbers alone: how many directions it uses, how far it spreads, whether views of
/// an image stay together. Numbers are NaN where rows hold some that are not finite, or are too few.
///
/// @param rows that were looked at
/// @param columns of each
/// @param rankMe the effective rank of the rows as they are, [Spectrum#rankMe]
/// @param centeredRank the same after each column's mean is taken off
/// @param spread mean and standard deviation of each column
/// @param anisotropy the mean cosine of two different rows: 0 in all directions, 1 in one
/// @param uniformity the logarithm of the mean of `exp(-2 d^2)` over pairs of images at distance `d` on the unit
///     sphere, about -4 at best; Wang and Isola, https://arxiv.org/abs/2005.10242
/// @param alignment the mean squared distance of two views of one image there, where rows are views
/// @param lidar how many directions tell images apart, where rows are views; Thilak et al.,
///     https://arxiv.org/abs/2312.04000
/// @param covariance the eigenvalues of the covariance matrix, largest first, one for each column
public record Health(
        int rows,
        int columns,
        double rankMe,
        double centeredRank,
        Spread spread,
        double anisotropy,
        double uniformity,
        OptionalDouble alignment,
        OptionalDouble lidar,
        double[] covariance) {
    /// Rows whose pairs are looked at for uniformity, at most.
    private static final int PAIRED_ROWS = 4096;

    /// Eigenvalues that stand for a whole spectrum.
    private static final int SHOWN = 32;

    /// That of images, a row each.
    public static Health of(Features x) {
        return ofViews(x, 1);
    }

    /// That of views of images.
    ///
    /// @param x at least one row; row `n*views + v` is view `v` of image `n`
    /// @param views of each image; 1 leaves out what compares views
    public static Health ofViews(Features x, int views) {
        Spread spread = Spread.of(x);
        if (!Double.isFinite(spread.size())) {
            return unknown(x, spread);
        }
        Spectrum spectrum = Spectrum.of(x);
        UnitRows unit = UnitRows.of(x);
        boolean several = views > 1;
        return new Health(
                x.rows(),
                x.columns(),
                spectrum.rankMe(),
                spectrum.centeredRank(),
                spread,
                unit.anisotropy(),
                UnitRows.of(images(x, views)).uniformity(),
                several ? OptionalDouble.of(unit.alignment(views)) : OptionalDouble.empty(),
                several && x.rows() > views ? OptionalDouble.of(Lidar.of(x, views)) : OptionalDouble.empty(),
                spectrum.covariance());
    }

    private static Health unknown(Features x, Spread spread) {
        return new Health(
                x.rows(),
                x.columns(),
                Double.NaN,
                Double.NaN,
                spread,
                Double.NaN,
                Double.NaN,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                new double[0]);
    }

    /// The first view of each image; of very many images as many as are enough, evenly spaced.
    private static Features images(Features x, int views) {
        int images = x.rows() / views;
        int most = Math.min(images, PAIRED_ROWS);
        return x.take(IntStream.range(0, most)
                .map(i -> (int) ((long) i * images / most) * views)
                .toArray());
    }

    /// What [#rankMe] is at most.
    public int largestRank() {
        return Math.min(rows, columns);
    }

    /// Whether all numbers of the rows are finite.
    public boolean finite() {
        return Double.isFinite(spread.size());
    }

    /// Directions that hold a share of the variance, at least.
    ///
    /// @param share from 0 to 1
    public int directions(double share) {
        double enough = share * Arrays.stream(covariance).sum();
        double sum = 0;
        int count = 0;
        while (count < covariance.length && sum < enough) {
            sum += covariance[count++];
        }
        return count;
    }

    /// The numbers by the names that files have for them.
    public SequencedMap<String, Number> numbers() {
        SequencedMap<String, Number> numbers = new LinkedHashMap<>();
        numbers.put("rankme", rankMe);
        numbers.put("rank_max", largestRank());
        numbers.put("rank_centered", centeredRank);
        numbers.put("deviation", spread.medianDeviation());
        numbers.put("size", spread.size());
        numbers.put("anisotropy", anisotropy);
        alignment.ifPresent(value -> numbers.put("alignment", value));
        numbers.put("uniformity", uniformity);
        lidar.ifPresent(value -> numbers.put("lidar", value));
        numbers.put("dead", spread.dead());
        return numbers;
    }

    /// The shares that eigenvalues of the covariance have in their sum, at the places of [#shownPlaces]; empty where
    /// there is no spread.
    public List<Double> shownSpectrum() {
        double sum = Arrays.stream(covariance).sum();
        return sum > 0
                ? shownPlaces().stream()
                        .map(place -> covariance[place - 1] / sum)
                        .toList()
                : List.of();
    }

    /// The places, from 1, of up to 32 eigenvalues, evenly spaced on a logarithmic axis from the first to the last.
    public List<Integer> shownPlaces() {
        return IntStream.range(0, SHOWN)
                .map(i -> (int) Math.round(Math.pow(columns, i / (SHOWN - 1.0))))
                .distinct()
                .boxed()
                .toList();
    }
}
