package dev.lejepa.runtime.onednn;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/// Workspaces that the nodes of a graph share: nodes run one after the other, so as many as there are threads serve all
/// nodes of one shape.
///
/// @param <K> what a workspace is for
final class SharedWorkspaces<K, W extends Workspaces.Workspace> implements AutoCloseable {
    private final Map<K, Workspaces<W>> byKey = new ConcurrentHashMap<>();
    private final Function<K, W> make;

    SharedWorkspaces(Function<K, W> make) {
        this.make = make;
    }

    /// Runs code with a workspace that is its own for so long.
    void use(K key, Consumer<W> body) {
        byKey.computeIfAbsent(key, k -> new Workspaces<>(() -> make.apply(k))).use(body);
    }

    @Override
    public void close() {
        byKey.values().forEach(Workspaces::clear);
        byKey.clear();
    }
}
