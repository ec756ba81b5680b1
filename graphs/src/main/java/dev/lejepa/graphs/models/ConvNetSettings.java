package dev.lejepa.graphs.models;

import dev.lejepa.graphs.recipe.ImageSize;
import java.util.List;

/// What all ConvNets have, whatever their blocks.
///
/// @param image pixels at which evaluation runs; images of any other size are taken too
/// @param dropPathRate that the blocks' rates rise to linearly
/// @param numClasses width of the linear head; 0 for none
public record ConvNetSettings(ImageSize image, double dropPathRate, int numClasses) {
    /// timm's, for images of this size.
    static ConvNetSettings at(int pixels) {
        return new ConvNetSettings(ImageSize.square(pixels), 0, 1000);
    }

    ConvNetSettings with(Arguments given) {
        var size = given.imageSize("img_size", image);
        var rate = given.rate("drop_path_rate", dropPathRate);
        var classes = given.whole("num_classes", numClasses, 0);
        given.word("global_pool", Pooling.AVG, List.of(Pooling.AVG), Pooling::word);
        return new ConvNetSettings(size, rate, classes);
    }

    /// The rate of a block where the first has none and the last all.
    double rate(int block, int blocks) {
        return blocks == 1 ? 0 : dropPathRate * block / (blocks - 1);
    }
}
