package dev.lejepa.graphs.models;

import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.nn.GlobalAveragePool;
import dev.lejepa.graphs.nn.Linear;
import dev.lejepa.graphs.nn.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A backbone of convolutions: a stem, a row of layers over maps that become smaller and wider, the mean over all
/// places, and a linear head. Maps are in the scope's layout.
public sealed interface ConvNet extends Backbone permits ResNet, ConvNeXt, EfficientNet, RegNet {
    /// What all ConvNets have.
    ConvNetSettings settings();

    /// @param maps of three channels
    Value stem(Scope s, Value maps);

    /// What follows the stem, in order.
    List<Part> parts();

    /// What follows these, before the mean.
    default Value last(Scope s, Value maps) {
        return maps;
    }

    /// What follows the mean, before the head.
    ///
    /// @param rows `[N, C]`
    /// @return `[N, width]`
    default Value afterMean(Scope s, Value rows) {
        return rows;
    }

    /// The linear head's place.
    String headName();

    /// The linear head, for a model that has one.
    Linear linearHead();

    /// What maps go through.
    interface MapLayer {
        Value forward(Scope s, Value maps);
    }

    /// A part of the model at its place.
    ///
    /// @param block whether it is one of the blocks that a model is a row of, rather than what stands between stages
    record Part(String scope, boolean block, MapLayer layer) {}

    @Override
    default long embeddingWidth() {
        return settings().numClasses() == 0 ? width() : settings().numClasses();
    }

    @Override
    default int imageHeight() {
        return settings().image().height();
    }

    @Override
    default int imageWidth() {
        return settings().image().width();
    }

    @Override
    default Optional<String> checkImage(int height, int width) {
        return Optional.empty();
    }

    @Override
    default boolean pooled() {
        return true;
    }

    @Override
    default Features.FeatureMap features(Scope s, Value images) {
        var x = stem(s, ImageLayout.NCHW.to(s.imageLayout(), images));
        for (var part : parts()) {
            x = part.layer().forward(s.at(part.scope()), x);
        }
        return new Features.FeatureMap(last(s, x), s.imageLayout());
    }

    @Override
    default List<Features> intermediates(Scope s, Value images, Set<Integer> chosen) {
        var taken = new ArrayList<Features>();
        var x = stem(s, ImageLayout.NCHW.to(s.imageLayout(), images));
        var number = 0;
        for (var part : parts()) {
            x = part.layer().forward(s.at(part.scope()), x);
            if (part.block() && chosen.contains(number++)) {
                taken.add(new Features.FeatureMap(x, s.imageLayout()));
            }
        }
        return taken;
    }

    @Override
    default Value pool(Scope s, Features features) {
        return switch (features) {
            case Features.FeatureMap map -> afterMean(s, new GlobalAveragePool().forward(s, map.value()));
            case Features.Tokens _ -> throw new IllegalArgumentException("a ConvNet's features are maps");
        };
    }

    @Override
    default Value summary(Scope s, Features block) {
        return switch (block) {
            case Features.FeatureMap map -> pool(s, new Features.FeatureMap(last(s, map.value()), map.layout()));
            case Features.Tokens _ -> throw new IllegalArgumentException("a ConvNet's blocks give maps");
        };
    }

    @Override
    default Optional<Value> attention(Scope s, Value images) {
        return Optional.empty();
    }

    @Override
    default boolean normalizesBatches() {
        return switch (this) {
            case ResNet _, EfficientNet _, RegNet _ -> true;
            case ConvNeXt _ -> false;
        };
    }

    @Override
    default int prefixTokens() {
        return 0;
    }

    @Override
    default boolean classToken() {
        return false;
    }

    @Override
    default Value head(Scope s, Value pooled) {
        return settings().numClasses() == 0 ? pooled : linearHead().forward(s.at(headName()), pooled);
    }

    @Override
    default List<String> blocks() {
        return parts().stream().filter(Part::block).map(Part::scope).toList();
    }

    @Override
    default List<String> attentions() {
        return List.of();
    }
}
