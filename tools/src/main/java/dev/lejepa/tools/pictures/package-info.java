/// Pictures of what an encoder knows: its patches in color, where its class token looks, which images are alike, and
/// all images on one plane.
///
/// An image is [shown][Lens] to an encoder as every other command does it; [PatchColors] and [AttentionMaps] make
/// pictures of its tokens and of its attention, [NeighborSheet] and [ImageMap] of the features of many.
@NullMarked
package dev.lejepa.tools.pictures;

import org.jspecify.annotations.NullMarked;
