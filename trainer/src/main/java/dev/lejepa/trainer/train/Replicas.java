package dev.lejepa.trainer.train;

import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.collective.Ranks;
import dev.lejepa.runtime.engine.States;
import dev.lejepa.trainer.ranks.SharedStates;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The states of a run, which each of its processes has. All compute the same updates of the same numbers, so that they
/// stay the same to the bit where the processors are of one kind; before each checkpoint that is looked at.
final class Replicas {
    private static final int DIGEST = 32;

    private final Ranks ranks;
    private final States states;
    private final SharedStates shared;
    private final TrainListener listener;
    private boolean told;

    Replicas(Ranks ranks, States states, TrainListener listener) {
        this.ranks = ranks;
        this.states = states;
        this.shared = new SharedStates(ranks, states);
        this.listener = listener;
    }

    /// Makes states fit for a checkpoint: where those of another process differ from the first one's, the first one's
    /// count for all.
    ///
    /// @throws NonFiniteLossException in all processes if a parameter is no number in one of them
    void agree(long step) {
        var bad = FiniteStates.firstNonFinite(states).orElse("");
        if (ranks.size() == 1) {
            requireFinite(step, bad);
            return;
        }
        var words = ranks.gather(word(bad));
        words.forEach(word -> requireFinite(step, name(word)));
        var first = Arrays.copyOf(words.getFirst(), DIGEST);
        var others = IntStream.range(1, words.size())
                .filter(rank -> !Arrays.equals(first, Arrays.copyOf(words.get(rank), DIGEST)))
                .toArray();
        if (others.length == 0) {
            shared.takeBuffers();
        } else {
            shared.takeAll();
            warn(step, others);
        }
    }

    /// Lets all processes evaluate the same.
    void shareBuffers() {
        shared.takeBuffers();
    }

    private static void requireFinite(long step, String bad) {
        if (!bad.isEmpty()) {
            throw NonFiniteLossException.parameter(step, bad);
        }
    }

    private byte[] word(String bad) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(shared.digest());
        bytes.writeBytes(bad.getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    private static String name(byte[] word) {
        return new String(word, DIGEST, word.length - DIGEST, StandardCharsets.UTF_8);
    }

    private void warn(long step, int[] others) {
        if (told) {
            return;
        }
        told = true;
        var which = IntStream.of(others).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        var message = Text.format(
                "parameters of rank %s differ from those of rank 0 in their last digits, as on processors of another"
                        + " kind: at each checkpoint all go on from those of rank 0",
                which);
        listener.on(new TrainEvent.Warned(step, TrainEvent.Topic.RECIPE, message, List.of()));
    }
}
