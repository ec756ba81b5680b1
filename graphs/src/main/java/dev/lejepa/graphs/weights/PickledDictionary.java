package dev.lejepa.graphs.weights;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.InputFile;
import dev.lejepa.graphs.Text;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.razorvine.pickle.PickleException;
import org.jspecify.annotations.Nullable;

/// A file with a pickled dictionary of names, lists and NumPy arrays, of Python 2 or 3. Nothing of it is run.
public final class PickledDictionary {
    private final Path file;
    private final Map<?, ?> entries;

    private PickledDictionary(Path file, Map<?, ?> entries) {
        this.file = file;
        this.entries = entries;
    }

    /// A matrix of bytes, row by row.
    ///
    /// @param shape its dimensions; their product is the number of bytes
    public record Bytes(List<Integer> shape, byte[] data) {}

    /// @throws BadInputException where it is missing, damaged or something else, or asks for code
    /// @throws IOException if it cannot be read
    public static PickledDictionary read(Path file) throws IOException {
        InputFile.require(file);
        try (Arena arena = Arena.ofConfined();
                var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return new PickledDictionary(file, dictionary(file, all));
        }
    }

    private static Map<?, ?> dictionary(Path file, MemorySegment all) {
        try {
            if (new TensorUnpickler().load(new SegmentStream(all)) instanceof Map<?, ?> found) {
                return found;
            }
            throw new BadInputException(Text.format("%s: its pickle holds no dictionary", file));
        } catch (PickleName.Refused e) {
            throw new BadInputException(
                    Text.format("%s: refused, its pickle calls %s; nothing was run", file, e.getMessage()), e);
        } catch (PickleException e) {
            throw new BadInputException(Text.format("%s: its pickle is damaged: %s", file, e.getMessage()), e);
        } catch (IOException e) {
            throw new BadInputException(Text.format("%s: is cut off, or is no pickle", file), e);
        }
    }

    /// The texts of a list; nothing where the dictionary has no list of this name.
    ///
    /// @throws BadInputException if it holds something else
    public Optional<List<String>> texts(String key) {
        return list(key)
                .map(items -> items.stream().map(item -> text(key, item)).toList());
    }

    /// The whole numbers of a list or an array; nothing where the dictionary has none of this name.
    ///
    /// @throws BadInputException if it holds something else
    public Optional<List<Long>> wholes(String key) {
        return list(key)
                .map(items -> items.stream().map(item -> whole(key, item)).toList());
    }

    /// An array of bytes; nothing where the dictionary has none of this name.
    ///
    /// @throws BadInputException if the array is not whole
    public Optional<Bytes> bytes(String key) {
        return entries.get(key) instanceof PickledArray array
                ? Optional.of(content(key, array))
                        .filter(PickledArray.Content::holdsBytes)
                        .map(content -> new Bytes(content.shape(), content.bytes()))
                : Optional.empty();
    }

    private Optional<List<?>> list(String key) {
        return switch (entries.get(key)) {
            case List<?> list -> Optional.of(new ArrayList<>(list));
            case Object[] tuple -> Optional.of(Arrays.asList(tuple));
            case PickledArray array -> Optional.of(content(key, array).numbers());
            case null, default -> Optional.empty();
        };
    }

    private PickledArray.Content content(String key, PickledArray array) {
        try {
            return array.content();
        } catch (PickleException e) {
            throw new BadInputException(Text.format("%s: '%s' is %s", file, key, e.getMessage()), e);
        }
    }

    private String text(String key, @Nullable Object item) {
        return switch (item) {
            case String text -> text;
            case byte[] bytes -> new String(bytes, StandardCharsets.UTF_8);
            case null, default -> throw new BadInputException(Text.format("%s: '%s' holds no text", file, key));
        };
    }

    private long whole(String key, @Nullable Object item) {
        return switch (item) {
            case Integer number -> number;
            case Long number -> number;
            case PickledArray array
            when content(key, array).shape().isEmpty() ->
                content(key, array).numbers().getFirst();
            case null, default ->
                throw new BadInputException(Text.format("%s: '%s' holds something that is no whole number", file, key));
        };
    }
}
