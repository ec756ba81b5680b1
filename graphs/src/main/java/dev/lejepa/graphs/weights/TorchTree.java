package dev.lejepa.graphs.weights;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Turns what a pickle held into a tree of dictionaries and tensors.
final class TorchTree {
    /// State dicts lie in dictionaries, not in dictionaries of dictionaries of dictionaries.
    private static final int DEEPEST = 6;

    private final String file;
    private final ByteOrder order;
    private final Function<String, MemorySegment> storages;
    private final Map<Object, WeightsNode> made = new IdentityHashMap<>();

    /// @param file names the file in messages
    /// @param storages the bytes of a storage by its key
    TorchTree(String file, ByteOrder order, Function<String, MemorySegment> storages) {
        this.file = file;
        this.order = order;
        this.storages = storages;
    }

    /// @throws BadInputException if the pickle holds no dictionary, or a tensor outside its storage
    WeightsNode.Group root(Object pickled) {
        return switch (node("", pickled, 0)) {
            case WeightsNode.Group group -> group;
            case WeightsNode.Leaf _ -> throw bad("holds one tensor without a name, expected a state dict");
            case WeightsNode.Other(var what, var object) ->
                throw bad(Text.format(
                        "holds %s, expected a state dict%s",
                        what, object ? " (torch.save(model.state_dict(), ...))" : ""));
        };
    }

    private WeightsNode node(String path, @Nullable Object value, int depth) {
        if (!(value instanceof Map<?, ?>)) {
            return leaf(path, value);
        }
        if (depth == DEEPEST) {
            return new WeightsNode.Other("a dictionary deep within others", false);
        }
        var known = made.get(value);
        if (known == null) {
            made.put(value, new WeightsNode.Other("a dictionary that holds itself", false));
            known = group(path, (Map<?, ?>) value, depth);
            made.put(value, known);
        }
        return known;
    }

    private WeightsNode.Group group(String path, Map<?, ?> dictionary, int depth) {
        var entries = new LinkedHashMap<String, WeightsNode>();
        dictionary.forEach((key, value) -> {
            if (key instanceof String || key instanceof Number || key instanceof Boolean) {
                var name = key.toString();
                entries.put(name, node(path.isEmpty() ? name : path + "." + name, value, depth + 1));
            }
        });
        return new WeightsNode.Group(entries);
    }

    private WeightsNode leaf(String path, @Nullable Object value) {
        return switch (value) {
            case null -> new WeightsNode.Other("None", false);
            case TorchTensor tensor -> new WeightsNode.Leaf(stored(path, tensor));
            case PickleName.Placeholder(var type) -> new WeightsNode.Other("an object of class " + type, true);
            case PickleName name -> new WeightsNode.Other("the name " + name.full(), true);
            case String _ -> new WeightsNode.Other("a text", false);
            case Boolean _, Number _ -> new WeightsNode.Other("the number " + value, false);
            case List<?> _, Object[] _ -> new WeightsNode.Other("a list", false);
            default -> new WeightsNode.Other("something that is no tensor", false);
        };
    }

    private StoredTensor stored(String path, TorchTensor tensor) {
        TorchStorage storage = tensor.storage();
        MemorySegment bytes = storages.apply(storage.key());
        try {
            long skipped = Math.multiplyExact(
                    Math.addExact(storage.begin(), tensor.offset()),
                    tensor.type().bytes());
            if (skipped < 0 || skipped > bytes.byteSize()) {
                throw new IllegalArgumentException(
                        Text.format("it begins at byte %d where %d are stored", skipped, bytes.byteSize()));
            }
            return new StoredTensor(tensor.type(), order, tensor.shape(), tensor.strides(), bytes.asSlice(skipped));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new BadInputException(
                    Text.format("%s: tensor '%s' does not lie within its storage: %s", file, path, e.getMessage()), e);
        }
    }

    private BadInputException bad(String problem) {
        return new BadInputException(file + ": " + problem);
    }
}
