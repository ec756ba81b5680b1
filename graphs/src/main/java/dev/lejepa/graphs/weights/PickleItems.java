package dev.lejepa.graphs.weights;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.PickleException;
import org.jspecify.annotations.Nullable;

/// What a pickle puts items into: dictionaries, which keep their order, and lists. Placeholders take anything and keep
/// nothing.
final class PickleItems {
    private PickleItems() {}

    static Map<Object, Object> dictionary() {
        return new LinkedHashMap<>();
    }

    /// A key as text where it is simple, bytes as a character each. Others are told apart by what they are alone: no
    /// weights have them.
    static Object key(@Nullable Object key) {
        if (key instanceof byte[] bytes) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
        return key instanceof String || key instanceof Number || key instanceof Boolean ? key : new Object();
    }

    /// A dictionary of keys and values in turn.
    static Map<Object, Object> dictionary(List<Object> items) {
        var dictionary = dictionary();
        putAll(dictionary, items);
        return dictionary;
    }

    /// Puts keys and values, in turn, into what a pickle takes for a dictionary.
    static void putAll(Object target, List<Object> items) {
        if (items.size() % 2 != 0) {
            throw new PickleException("a key without a value");
        }
        if (target instanceof PickleName.Placeholder) {
            return;
        }
        @SuppressWarnings("unchecked") // dictionaries are made here alone
        var dictionary = (Map<Object, Object>) target;
        for (int i = 0; i < items.size(); i += 2) {
            dictionary.put(key(items.get(i)), items.get(i + 1));
        }
    }

    /// Appends to what a pickle takes for a list.
    static void addAll(Object target, List<Object> items) {
        if (target instanceof ArrayList<?>) {
            @SuppressWarnings("unchecked") // lists are made by the unpickler alone
            var list = (ArrayList<Object>) target;
            list.addAll(items);
        } else if (!(target instanceof PickleName.Placeholder)) {
            throw new PickleException("items for what is no list");
        }
    }
}
