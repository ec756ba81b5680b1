/// What a run tells, to people and to programs. Everything here listens to the same
/// [events][dev.lejepa.trainer.train.TrainEvent]:
///
/// - [MetricsFile] writes `metrics.jsonl`; on resume it cuts what the checkpoint has not seen.
/// - [TensorBoardFile] writes an event file that TensorBoard opens.
/// - [ProgressLine] writes to a terminal or, now and then, to a log.
/// - [SteadyClock] is the time that all of them tell.
/// - [TroubleWatch] looks for losses that are not finite, for collapse and for other signs of poor health, and tells the
///   others in plain words; [SigregLevels] are what it measures SIGReg by.
@NullMarked
package dev.lejepa.trainer.report;

import org.jspecify.annotations.NullMarked;
