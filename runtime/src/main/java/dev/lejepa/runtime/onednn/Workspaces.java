package dev.lejepa.runtime.onednn;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Workspaces for as many threads as compute a node at once, made when they are first needed.
final class Workspaces<W extends Workspaces.Workspace> {
    /// What one thread needs to compute a piece.
    interface Workspace extends AutoCloseable {
        @Override
        void close();
    }

    private final ConcurrentLinkedDeque<W> idle = new ConcurrentLinkedDeque<>();
    private final List<W> all = new ArrayList<>();
    private final Supplier<W> make;

    Workspaces(Supplier<W> make) {
        this.make = make;
    }

    /// Runs code with a workspace that is its own for so long.
    void use(Consumer<W> body) {
        var found = idle.pollFirst();
        var workspace = found == null ? add() : found;
        try {
            body.accept(workspace);
        } finally {
            idle.addFirst(workspace);
        }
    }

    private W add() {
        var made = make.get();
        synchronized (all) {
            all.add(made);
        }
        return made;
    }

    /// Closes all, between two computations.
    void clear() {
        synchronized (all) {
            all.forEach(Workspace::close);
            all.clear();
        }
        idle.clear();
    }
}
