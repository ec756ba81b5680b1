package dev.lejepa.trainer.ranks;

import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.collective.Ranks;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Work that all processes do before any of them goes on: if it fails in one, all end with that one's words. A process
/// that is alone just works, and throws what it throws.
public final class Together {
    private static final byte[] NOTHING = {};

    private Together() {}

    /// What each process does.
    ///
    /// @param <T> what comes of it
    @FunctionalInterface
    public interface Work<T> {
        /// Does it.
        T run() throws IOException, InterruptedException;
    }

    /// What a process did: it has bytes for all, or it failed.
    private record Outcome(byte[] made, Optional<Fault> fault) {}

    /// Does some work and gives what it makes to all.
    ///
    /// @return what all have made, by rank
    /// @throws SharedFaultException in all processes if it failed in one of several
    public static List<byte[]> gather(Ranks ranks, Work<byte[]> work) throws IOException, InterruptedException {
        if (ranks.size() == 1) {
            return List.of(work.run());
        }
        Throwable thrown = null;
        Outcome mine;
        try {
            mine = new Outcome(work.run(), Optional.empty());
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            // whatever it is, the others must hear of it instead of waiting
            thrown = e;
            mine = new Outcome(NOTHING, Optional.of(Fault.of(e)));
        }
        var all = ranks.gather(encode(mine)).stream().map(Together::decode).toList();
        requireNone(all, thrown);
        return all.stream().map(Outcome::made).toList();
    }

    /// Does some work of which the others learn only whether it failed.
    ///
    /// @throws SharedFaultException in all processes if it failed in one of several
    public static <T> T all(Ranks ranks, Work<T> work) throws IOException, InterruptedException {
        var made = new ArrayList<T>(1);
        gather(ranks, () -> {
            made.add(work.run());
            return NOTHING;
        });
        return made.getFirst();
    }

    /// The same for work that opens something, which is closed again if another process failed.
    ///
    /// @throws SharedFaultException in all processes if it failed in one of several
    public static <T extends AutoCloseable> T opened(Ranks ranks, Work<T> work)
            throws IOException, InterruptedException {
        var made = new ArrayList<T>(1);
        try {
            gather(ranks, () -> {
                made.add(work.run());
                return NOTHING;
            });
            return made.getFirst();
        } catch (SharedFaultException e) {
            made.forEach(opened -> close(opened, e));
            throw e;
        }
    }

    private static void close(AutoCloseable opened, SharedFaultException why) {
        try {
            opened.close();
        } catch (Exception e) {
            why.addSuppressed(e);
        }
    }

    /// The first process's fault counts. It needs no name where all failed alike: they were given the same.
    private static void requireNone(List<Outcome> all, @Nullable Throwable mine) {
        var faults = all.stream().flatMap(outcome -> outcome.fault().stream()).toList();
        if (faults.isEmpty()) {
            return;
        }
        var first = faults.getFirst();
        if (faults.size() == all.size() && faults.stream().distinct().count() == 1) {
            throw new SharedFaultException(first, mine);
        }
        for (var rank = 0; rank < all.size(); rank++) {
            if (all.get(rank).fault().isPresent()) {
                var named = new Fault(first.badInput(), Text.format("rank %d: %s", rank, first.message()));
                throw new SharedFaultException(named, mine);
            }
        }
    }

    private static byte[] encode(Outcome outcome) {
        var bytes = new ByteArrayOutputStream(outcome.made().length + 1);
        try (var to = new DataOutputStream(bytes)) {
            to.writeBoolean(outcome.fault().isPresent());
            if (outcome.fault().isPresent()) {
                outcome.fault().get().write(to);
            }
            to.write(outcome.made());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // never: it is memory
        }
        return bytes.toByteArray();
    }

    private static Outcome decode(byte[] bytes) {
        try (var from = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (from.readBoolean()) {
                return new Outcome(NOTHING, Optional.of(Fault.read(from)));
            }
            return new Outcome(Arrays.copyOfRange(bytes, 1, bytes.length), Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException("a process told something that this one does not understand", e);
        }
    }
}
