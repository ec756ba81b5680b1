package dev.lejepa.trainer.data;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;

/// The images of a source that could not be read, and why. Safe for use by many threads.
public final class BrokenFiles {
    private static final int NAMED_AT_MOST = 10;

    private final ImageSource source;
    private final double maxFraction;
    private final Map<Integer, String> reasons = new ConcurrentSkipListMap<>();

    /// @param maxFraction more broken files than this share of all images stop the run
    BrokenFiles(ImageSource source, double maxFraction) {
        this.source = source;
        this.maxFraction = maxFraction;
    }

    boolean contains(int image) {
        return !reasons.isEmpty() && reasons.containsKey(image);
    }

    /// Takes down that an image cannot be read.
    void add(int image, String reason) {
        reasons.put(image, reason);
    }

    /// The number of broken files found so far.
    public int count() {
        return reasons.size();
    }

    /// @throws BadInputException if there are too many, with the first ten named
    void requireFew() {
        int count = count();
        if (count > maxFraction * source.size() || count == source.size()) {
            throw new BadInputException(Text.format(
                    "%s: %d of %d images cannot be read, more than max_broken = %s allows: %s",
                    source.place(), count, source.size(), maxFraction, names()));
        }
    }

    /// The first ten by path, each with what is wrong with it.
    public String names() {
        String first = reasons.entrySet().stream()
                .limit(NAMED_AT_MOST)
                .map(e -> Text.format("%s (%s)", source.name(e.getKey()), e.getValue()))
                .collect(Collectors.joining(", "));
        return count() > NAMED_AT_MOST ? first + ", ..." : first;
    }
}
