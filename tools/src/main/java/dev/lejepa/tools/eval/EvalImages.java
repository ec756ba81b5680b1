package dev.lejepa.tools.eval;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.data.ImageStore;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Labeled images to train classifiers on, and others to test them on.
///
/// @param train with at least two classes
/// @param test whose classes `train` has; empty where a part of `train` is to be held out
public record EvalImages(ImageStore train, Optional<ImageStore> test) {
    private static final int NAMED_AT_MOST = 10;

    /// @throws BadInputException if images have no labels, or classifiers could not learn them
    public EvalImages {
        requireLabels(train);
        if (train.folder().classes().size() < 2) {
            throw new BadInputException(Text.format(
                    "%s: has the one class '%s', expected at least two, a folder each",
                    train.folder().root(), train.folder().classes().getFirst()));
        }
        test.ifPresent(EvalImages::requireLabels);
        var known = train.folder().classes();
        test.ifPresent(store -> requireKnown(store, known));
    }

    private static void requireLabels(ImageStore images) {
        if (images.folder().classes().isEmpty()) {
            throw new BadInputException(Text.format(
                    "%s: its images have no labels, expected a folder for each class",
                    images.folder().root()));
        }
    }

    private static void requireKnown(ImageStore test, List<String> known) {
        var unknown = test.folder().classes().stream()
                .filter(name -> !known.contains(name))
                .toList();
        if (!unknown.isEmpty()) {
            throw new BadInputException(Text.format(
                    "%s: %d of its classes are not among the %d of the training images: %s%s",
                    test.folder().root(),
                    unknown.size(),
                    known.size(),
                    unknown.stream().limit(NAMED_AT_MOST).collect(Collectors.joining(", ")),
                    unknown.size() > NAMED_AT_MOST ? ", ..." : ""));
        }
    }

    /// Names by label.
    List<String> classes() {
        return train.folder().classes();
    }

    /// The training images' labels of the test images' labels, which are numbered for themselves.
    int[] testLabels(int... own) {
        var number = test.orElseThrow().folder().classes().stream()
                .mapToInt(classes()::indexOf)
                .toArray();
        return IntStream.of(own).map(label -> number[label]).toArray();
    }
}
