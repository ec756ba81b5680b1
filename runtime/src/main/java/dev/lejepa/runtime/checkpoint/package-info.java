/// A run's states on disk. [Checkpoints] is the folder that holds them: it saves new ones so that at any moment, power
/// or disk space gone, the newest complete one is whole under its name; [Checkpoint] is one of them, checked byte for
/// byte before a state is restored. Equal states give equal files.
///
///     checkpoints/step-000500/model.safetensors      parameters and buffers
///                             optimizer.safetensors  moments and the count of completed steps
///                             manifest.json          written last: step, recipe, size and digest of each file
@NullMarked
package dev.lejepa.runtime.checkpoint;

import org.jspecify.annotations.NullMarked;
