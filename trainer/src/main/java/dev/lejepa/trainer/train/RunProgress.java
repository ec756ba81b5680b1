package dev.lejepa.trainer.train;

import java.nio.ByteBuffer;

/// Where a run stands before its first step in this process.
///
/// @param step completed steps, those of the checkpoint that the states come from
/// @param epochTold whether the end of the epoch that ended with that step is in the metrics, its evaluation with it
public record RunProgress(long step, boolean epochTold) {
    /// For the other processes of the run.
    public byte[] encode() {
        return ByteBuffer.allocate(Long.BYTES + 1)
                .putLong(step)
                .put((byte) (epochTold ? 1 : 0))
                .array();
    }

    /// What [#encode] made.
    public static RunProgress decode(byte[] bytes) {
        var from = ByteBuffer.wrap(bytes);
        return new RunProgress(from.getLong(), from.get() == 1);
    }
}
