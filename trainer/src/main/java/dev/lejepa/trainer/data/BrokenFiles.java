package dev.lejepa.trainer.data;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.OneLine;
import dev.lejepa.graphs.Text;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;

/// The images of a source that could not be read, and why. Safe for use by many threads.
public final class BrokenFiles {
    private static final int NAMED_AT_MOST = 10;

    private final ImageSource source;
    private final double maxFraction;
    private final Map<Integer, String> reasons = new ConcurrentSkipListMap<>();
    /// Found here since [#untold] was asked.
    private final Queue<Found> news = new ConcurrentLinkedQueue<>();

    /// An image that cannot be read.
    ///
    /// @param image its number
    public record Found(int image, String reason) {}

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
        if (reasons.put(image, reason) == null) {
            news.add(new Found(image, reason));
        }
    }

    /// Those that were found here and that nobody asked for before: other processes do not know them.
    public List<Found> untold() {
        var found = new ArrayList<Found>();
        for (var next = news.poll(); next != null; next = news.poll()) {
            found.add(next);
        }
        return found;
    }

    /// For another process.
    public static byte[] encode(List<Found> found) {
        var bytes = new ByteArrayOutputStream();
        try (var to = new DataOutputStream(bytes)) {
            to.writeInt(found.size());
            for (var each : found) {
                to.writeInt(each.image());
                to.writeUTF(OneLine.of(each.reason())); // shorter than the 65,535 bytes that this takes
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // never: it is memory
        }
        return bytes.toByteArray();
    }

    /// What [#encode] made.
    public static List<Found> decode(byte[] bytes) {
        var found = new ArrayList<Found>();
        try (var from = new DataInputStream(new ByteArrayInputStream(bytes))) {
            var count = from.readInt();
            for (var i = 0; i < count; i++) {
                found.add(new Found(from.readInt(), from.readUTF()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a process told something that this one does not understand", e);
        }
        return found;
    }

    /// Takes down what another process found.
    public void learn(List<Found> found) {
        found.forEach(f -> reasons.putIfAbsent(f.image(), f.reason()));
    }

    /// The number of broken files found so far.
    public int count() {
        return reasons.size();
    }

    /// @throws BadInputException if there are too many, with the first ten named
    void requireFew() {
        requireFew(count());
    }

    /// The same for a number that several processes have counted together.
    ///
    /// @throws BadInputException if it is too many
    public void requireFew(int count) {
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
