/// The training loop and what it is made of: [Trainer] takes batches from the loader, feeds them, the random draws and
/// the learning rates to a program, and tells its [listeners][TrainListener] what happened; [RunFolder] says where a
/// run keeps what, [RunLock] that one process at a time writes there, [RunData] and [RunEngine] which images and which
/// machine its numbers come from.
@NullMarked
package dev.lejepa.trainer.train;

import org.jspecify.annotations.NullMarked;
