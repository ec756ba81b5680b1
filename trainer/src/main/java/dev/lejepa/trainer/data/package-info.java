/// From images to batches of views in native memory.
///
/// - [dev.lejepa.trainer.data.ImageSource] is an ordered list of images with their classes, wherever they lie:
///   [dev.lejepa.trainer.data.ImageFolder] finds them in a folder.
/// - [dev.lejepa.trainer.data.ImageStore] reads them: scans all headers once, keeps small data decoded in memory,
///   counts [broken files][dev.lejepa.trainer.data.BrokenFiles] and stops a run that has too many.
/// - [dev.lejepa.trainer.data.EpochOrder] says which images make up step `s` of epoch `e`: a function of the seed.
/// - [dev.lejepa.trainer.data.TrainLoader] and [dev.lejepa.trainer.data.EvalLoader] prepare
///   [batches][dev.lejepa.trainer.data.Batch] ahead of their consumer, on threads of their own and in a ring of buffers
///   that are used again ([dev.lejepa.trainer.data.BatchRing]).
///
/// What a batch holds depends on (seed, epoch, step) alone: not on the number of threads, nor on where a run resumed.
@NullMarked
package dev.lejepa.trainer.data;

import org.jspecify.annotations.NullMarked;
