package dev.lejepa.tools.eval;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.data.ImageStore;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Labeled images to train classifiers on, and others to test them on.
///
/// @param train with at least two classes
/// @param test whose classes `train` has; empty where a part of `train` is to be held out
public record EvalImages(ImageStore train, Optional<ImageStore> test) implements AutoCloseable {
    private static final int NAMED_AT_MOST = 10;

    /// @throws BadInputException if images have no labels, or classifiers could not learn them
    public EvalImages {
        requireLabels(train);
        if (train.source().classes().size() < 2) {
            throw new BadInputException(Text.format(
                    "%s: has the one class '%s', expected at least two",
                    train.source().place(), train.source().classes().getFirst()));
        }
        test.ifPresent(EvalImages::requireLabels);
        var known = train.source().classes();
        test.ifPresent(store -> requireKnown(store, known));
        test.ifPresent(store -> requireLearned(train, store));
    }

    private static void requireLabels(ImageStore images) {
        if (images.source().classes().isEmpty()) {
            throw new BadInputException(Text.format(
                    "%s: its images have no labels, expected classes, such as a folder for each",
                    images.source().place()));
        }
    }

    private static void requireKnown(ImageStore test, List<String> known) {
        var unknown = test.source().classes().stream()
                .filter(name -> !known.contains(name))
                .toList();
        if (!unknown.isEmpty()) {
            throw new BadInputException(Text.format(
                    "%s: %d of its classes are not among the %d of the training images: %s%s",
                    test.source().place(),
                    unknown.size(),
                    known.size(),
                    unknown.stream().limit(NAMED_AT_MOST).collect(Collectors.joining(", ")),
                    unknown.size() > NAMED_AT_MOST ? ", ..." : ""));
        }
    }

    /// The classes of a published data set are known without its images.
    private static void requireLearned(ImageStore train, ImageStore test) {
        var learned = classesWithImages(train);
        var missing = classesWithImages(test);
        missing.removeAll(learned);
        if (!missing.isEmpty()) {
            throw new BadInputException(Text.format(
                    "%s: has test images of %d classes without a training image: %s%s",
                    test.source().place(),
                    missing.size(),
                    missing.stream().limit(NAMED_AT_MOST).collect(Collectors.joining(", ")),
                    missing.size() > NAMED_AT_MOST ? ", ..." : ""));
        }
    }

    private static Set<String> classesWithImages(ImageStore images) {
        var source = images.source();
        return IntStream.range(0, source.size())
                .map(source::label)
                .distinct()
                .mapToObj(source.classes()::get)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    @Override
    public void close() {
        train.close();
        test.ifPresent(ImageStore::close);
    }

    /// Names by label.
    List<String> classes() {
        return train.source().classes();
    }

    /// The training images' labels of the test images' labels, which are numbered for themselves.
    int[] testLabels(int... own) {
        var number = test.orElseThrow().source().classes().stream()
                .mapToInt(classes()::indexOf)
                .toArray();
        return IntStream.of(own).map(label -> number[label]).toArray();
    }
}
