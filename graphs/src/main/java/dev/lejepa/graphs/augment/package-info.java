/// Augmentation as a graph: crops as bytes and what chance decided about each view in, views as bytes out. It computes
/// what PIL and torchvision compute on 8-bit images, level for level, so that a device may do what host cores do.
///
/// [AugmentGraph] joins the steps: [Resampling], [JitterSteps] over [Blend] and [HueTurn], [GaussianProduct]. All of
/// them work on float32 tensors that hold whole levels 0 to 255; [Levels] has the roundings. [DrawColumn] lists what is
/// drawn for a view.
@NullMarked
package dev.lejepa.graphs.augment;

import org.jspecify.annotations.NullMarked;
