package dev.lejepa.graphs.recipe;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// A backbone by timm's name, with timm's arguments. An empty argument leaves the named model's own value.
///
/// @param name such as `vit_small_patch16_224`
/// @param imgSize size that position embeddings are made for and that evaluation uses
/// @param patchSize side of a patch in pixels
/// @param mlpRatio hidden width of the blocks' MLP over `embedDim`
/// @param globalPool `token`, `avg` or the empty string
/// @param dropPathRate of the last block; grows linearly from 0 at the first
/// @param numClasses width of the linear head; 0: no head
public record BackboneSpec(
        String name,
        Optional<ImageSize> imgSize,
        OptionalInt patchSize,
        OptionalInt depth,
        OptionalInt embedDim,
        OptionalInt numHeads,
        OptionalDouble mlpRatio,
        Optional<Boolean> qkvBias,
        Optional<Boolean> classToken,
        Optional<String> globalPool,
        Optional<Boolean> dynamicImgSize,
        double dropPathRate,
        int numClasses) {

    /// A named model at its own sizes, with the given head and drop-path rate.
    public static BackboneSpec named(String name, double dropPathRate, int numClasses) {
        return new BackboneSpec(
                name,
                Optional.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalDouble.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                dropPathRate,
                numClasses);
    }

    public static BackboneSpec defaults() {
        return named("vit_small_patch16_224", 0.1, 512).withSizes(224, 14);
    }

    /// The same for square images of another size, cut into other patches.
    public BackboneSpec withSizes(int image, int patch) {
        return new BackboneSpec(
                name,
                Optional.of(ImageSize.square(image)),
                OptionalInt.of(patch),
                depth,
                embedDim,
                numHeads,
                mlpRatio,
                qkvBias,
                classToken,
                globalPool,
                dynamicImgSize,
                dropPathRate,
                numClasses);
    }
}
