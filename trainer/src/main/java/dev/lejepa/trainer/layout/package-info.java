/// Published data sets as their archives unpack: which images train, which test, and what they show.
///
/// [dev.lejepa.trainer.layout.Layout] is the table of them. Each is a `LayoutReader`, which knows the files of one
/// archive and makes an [image source][dev.lejepa.trainer.data.ImageSource] of each split. What several need is beside
/// them: lists of text, MATLAB's files, images out of CIFAR's batches. Order, labels and numbers are those of
/// torchvision's classes of the same data sets. Nothing is downloaded.
@NullMarked
package dev.lejepa.trainer.layout;

import org.jspecify.annotations.NullMarked;
