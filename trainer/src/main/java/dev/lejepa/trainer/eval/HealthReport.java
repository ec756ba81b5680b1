package dev.lejepa.trainer.eval;

import dev.lejepa.graphs.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// The health of an embedding of images, and of augmented views of some of them.
///
/// @param images a row for each image, as it is evaluated
/// @param views rows of several views of some images, for what compares these; nothing where none were made
/// @param viewsOfImage views of each of these, at least 2
public record HealthReport(Health images, Optional<Health> views, int viewsOfImage) {

    /// The numbers by the names that files have for them: those of images, and `alignment` and `lidar` of views.
    public SequencedMap<String, Number> numbers() {
        SequencedMap<String, Number> numbers = new LinkedHashMap<>(images.numbers());
        views.ifPresent(rows -> {
            rows.alignment().ifPresent(value -> numbers.put("alignment", value));
            rows.lidar().ifPresent(value -> numbers.put("lidar", value));
            numbers.put("lidar_images", rows.rows() / viewsOfImage);
            numbers.put("lidar_views", viewsOfImage);
        });
        return numbers;
    }

    /// The eigenvalues of the covariance matrix of images, largest first.
    public double[] spectrum() {
        return images.covariance();
    }

    /// A line for each number, for people.
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(Text.format(
                "RankMe %.1f of %d (%.1f without the mean)",
                images.rankMe(), images.largestRank(), images.centeredRank()));
        views.ifPresent(rows -> {
            rows.lidar()
                    .ifPresent(value -> lines.add(Text.format(
                            "LiDAR %.1f (%d views of %d images)", value, viewsOfImage, rows.rows() / viewsOfImage)));
            rows.alignment()
                    .ifPresent(value -> lines.add(Text.format("alignment %.3f (0: views do not matter)", value)));
        });
        lines.add(Text.format("uniformity %.2f (about -4: images are spread over the sphere)", images.uniformity()));
        lines.add(Text.format("mean cosine of two images %.3f (0: no common direction)", images.anisotropy()));
        lines.add(Text.format(
                "%d of %d dimensions do not vary; standard deviation %.3g in the middle",
                images.spread().dead(), images.columns(), images.spread().medianDeviation()));
        lines.add(Text.format(
                "directions with half of the variance: %d, with nine tenths: %d",
                images.directions(0.5), images.directions(0.9)));
        return lines;
    }
}
