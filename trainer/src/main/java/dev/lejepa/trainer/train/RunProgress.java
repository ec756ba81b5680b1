package dev.lejepa.trainer.train;

/// Where a run stands before its first step in this process.
///
/// @param step completed steps, those of the checkpoint that the states come from
/// @param epochTold whether the end of the epoch that ended with that step is in the metrics, its evaluation with it
public record RunProgress(long step, boolean epochTold) {}
