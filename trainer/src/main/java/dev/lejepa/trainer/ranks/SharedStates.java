package dev.lejepa.trainer.ranks;

import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.runtime.collective.Ranks;
import dev.lejepa.runtime.engine.DeviceTensor;
import dev.lejepa.runtime.engine.States;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.Set;

/// The states of a program in several processes: all start from those of the first, and stay the same.
public final class SharedStates {
    private static final int PIECE = 1 << 26;

    /// What a step goes on from; gradients are written before they are read, copies are made anew.
    private static final Set<Manifest.Role> LASTING = EnumSet.of(
            Manifest.Role.PARAMETER,
            Manifest.Role.BUFFER,
            Manifest.Role.MOMENT1,
            Manifest.Role.MOMENT2,
            Manifest.Role.STEP);

    private final Ranks ranks;
    private final States states;

    public SharedStates(Ranks ranks, States states) {
        this.ranks = ranks;
        this.states = states;
    }

    /// Sets everything that lasts from step to step to what the first process has.
    public void takeAll() {
        take(LASTING);
        if (ranks.rank() > 0) {
            states.refreshCopies();
        }
    }

    /// Sets buffers to what the first process has: statistics of a backbone's BatchNorm are those of a process's own
    /// images.
    public void takeBuffers() {
        take(EnumSet.of(Manifest.Role.BUFFER));
    }

    private void take(Set<Manifest.Role> roles) {
        if (ranks.size() == 1) {
            return;
        }
        for (var state : states.declared()) {
            if (roles.contains(state.role())) {
                take(states.get(state.name()));
            }
        }
    }

    private void take(DeviceTensor tensor) {
        try (var arena = Arena.ofConfined()) {
            var memory = onHost(tensor, arena);
            ranks.broadcast(memory, 0);
            if (!tensor.onHost() && ranks.rank() > 0) {
                tensor.copyFrom(memory);
            }
        }
    }

    /// SHA-256 of all parameters.
    public byte[] digest() {
        var digest = newDigest();
        for (var state : states.declared(Manifest.Role.PARAMETER)) {
            try (var arena = Arena.ofConfined()) {
                var memory = onHost(states.get(state.name()), arena);
                for (var at = 0L; at < memory.byteSize(); at += PIECE) {
                    digest.update(memory.asSlice(at, Math.min(PIECE, memory.byteSize() - at))
                            .asByteBuffer());
                }
            }
        }
        return digest.digest();
    }

    private static MemorySegment onHost(DeviceTensor tensor, Arena arena) {
        if (tensor.onHost()) {
            return tensor.segment();
        }
        var memory = arena.allocate(tensor.byteSize());
        tensor.copyTo(memory);
        return memory;
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
