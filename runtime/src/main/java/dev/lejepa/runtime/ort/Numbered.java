package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.Text;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/// Java objects that native code names by number, in the guise of a pointer that it never follows.
final class Numbered<T> {
    private final Map<Long, T> objects = new ConcurrentHashMap<>();
    private final AtomicLong last = new AtomicLong(); // 0 would be no pointer at all

    Pointer add(T object) {
        var number = last.incrementAndGet();
        objects.put(number, object);
        return Native.number(number);
    }

    T get(Pointer number) {
        return known(number, objects.get(number.address()));
    }

    T remove(Pointer number) {
        return known(number, objects.remove(number.address()));
    }

    private static <T> T known(Pointer number, @Nullable T object) {
        if (object == null) {
            throw new IllegalStateException(Text.format("nothing has number %d", number.address()));
        }
        return object;
    }
}
