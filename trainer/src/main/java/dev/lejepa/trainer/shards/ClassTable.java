package dev.lejepa.trainer.shards;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Escapes;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.data.ImageSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The classes of a set, from the labels of its images.
///
/// Classes by name are in the order of their names' bytes, classes by number in that of their numbers: where these are
/// 0 to `K - 1`, they are the labels themselves. Folders count where nothing else says a label. Texts of which nearly
/// every image has its own are descriptions, and no labels.
final class ClassTable {
    /// That many different texts, and more than half as many as images, are no names of classes.
    static final int DESCRIPTIONS = 1000;

    /// A label of its kind, and the first image that has it.
    private record First(int id, String image) {}

    private final Map<SampleLabel.Known, First> found = new LinkedHashMap<>();
    private int images;

    /// Takes down an image's label.
    ///
    /// @param image how messages name it
    /// @return what stands for the label until all are known
    int add(SampleLabel label, Supplier<String> image) {
        images++;
        return switch (label) {
            case SampleLabel.Known known ->
                found.computeIfAbsent(known, _ -> new First(found.size(), image.get()))
                        .id();
            case SampleLabel.None _, SampleLabel.Unreadable _ -> ImageSource.UNLABELLED;
        };
    }

    /// Class names and labels, when all images are known.
    ///
    /// @param labels by what [#add] returned
    record Classes(List<String> names, int[] labels, Optional<String> note) {
        int label(int id) {
            return id == ImageSource.UNLABELLED ? id : labels[id];
        }
    }

    /// @throws BadInputException if some classes are numbers and others names
    Classes classes() {
        var texts = of(label -> label.origin() == SampleLabel.Origin.TXT && label instanceof SampleLabel.ByName);
        var described = texts.size() > DESCRIPTIONS && 2L * texts.size() > images;
        var passed = described ? Set.copyOf(texts) : Set.of();
        var beside = of(label -> !isFromFolder(label) && !passed.contains(label));
        var counted = beside.isEmpty() ? of(ClassTable::isFromFolder) : beside;
        requireOneKind(counted);
        var labels = new int[found.size()];
        Arrays.fill(labels, ImageSource.UNLABELLED);
        var names = names(counted);
        var places = IntStream.range(0, names.size()).boxed().collect(Collectors.toMap(names::get, place -> place));
        found.forEach((label, first) -> labels[first.id()] = places.getOrDefault(label.text(), ImageSource.UNLABELLED));
        return new Classes(names, labels, described ? Optional.of(note(texts.size())) : Optional.empty());
    }

    private String note(int texts) {
        return Text.format(
                "%,d images have %,d different texts in their txt: these are descriptions, not labels", images, texts);
    }

    private List<SampleLabel.Known> of(Predicate<SampleLabel.Known> which) {
        return found.keySet().stream().filter(which).toList();
    }

    private static boolean isFromFolder(SampleLabel.Known label) {
        return label.origin() == SampleLabel.Origin.FOLDER;
    }

    private static List<String> names(List<SampleLabel.Known> labels) {
        var names = new ArrayList<>(
                labels.stream().map(SampleLabel.Known::text).distinct().toList());
        if (labels.stream().allMatch(SampleLabel.ByNumber.class::isInstance)) {
            names.sort((a, b) -> Long.compare(Long.parseLong(a), Long.parseLong(b)));
        } else {
            names.sort((a, b) -> Arrays.compareUnsigned(PathText.encoded(a), PathText.encoded(b)));
        }
        return List.copyOf(names);
    }

    private void requireOneKind(List<SampleLabel.Known> labels) {
        var number =
                labels.stream().filter(SampleLabel.ByNumber.class::isInstance).findFirst();
        var name = labels.stream().filter(SampleLabel.ByName.class::isInstance).findFirst();
        if (number.isPresent() && name.isPresent()) {
            throw new BadInputException(Text.format(
                    "labels are numbers for some images and names for others, expected one kind for all: %s, %s",
                    told(number.get()), told(name.get())));
        }
    }

    private String told(SampleLabel.Known label) {
        return Text.format(
                "that of %s is %s (%s)",
                Objects.requireNonNull(found.get(label)).image(),
                label instanceof SampleLabel.ByNumber ? label.text() : "'" + Escapes.unprintable(label.text()) + "'",
                label.origin().name().toLowerCase(Locale.ROOT));
    }
}
