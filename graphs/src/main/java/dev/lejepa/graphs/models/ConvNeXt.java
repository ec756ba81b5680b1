package dev.lejepa.graphs.models;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Window;
import dev.lejepa.graphs.nn.Act;
import dev.lejepa.graphs.nn.Conv2d;
import dev.lejepa.graphs.nn.DropPath;
import dev.lejepa.graphs.nn.Init;
import dev.lejepa.graphs.nn.LayerNorm;
import dev.lejepa.graphs.nn.LayerNorm2d;
import dev.lejepa.graphs.nn.Linear;
import dev.lejepa.graphs.nn.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/// ConvNeXt (arXiv:2201.03545) and ConvNeXt V2 (arXiv:2301.00808) with timm's arguments, parameter names and
/// initialization (`timm/models/convnext.py`).
///
/// @param depths blocks of each stage
/// @param dims channels of each stage
/// @param kernelSizes of the blocks' depthwise convolutions, for each stage
/// @param lsInitValue start of the layer scale; empty for none
/// @param patchSize of a stem of patches
/// @param headNormFirst whether maps are normalized, rather than their means
/// @param headHiddenSize width of a layer before the head; 0 for none
/// @param convMlp whether weights of the blocks' perceptrons have the form of convolutions
/// @param convBias whether convolutions have a bias
/// @param useGrn whether the blocks' perceptrons have a global response normalization
/// @param act of the blocks
/// @param normEps of all normalizations
public record ConvNeXt(
        ConvNetSettings settings,
        List<Integer> depths,
        List<Integer> dims,
        List<Integer> kernelSizes,
        OptionalDouble lsInitValue,
        StemType stemType,
        int patchSize,
        boolean headNormFirst,
        int headHiddenSize,
        boolean convMlp,
        boolean convBias,
        boolean useGrn,
        Act act,
        double normEps)
        implements ConvNet {
    private static final int STAGES = 4;

    static final Init WEIGHT = new Init.Normal(0.02);

    /// timm's `stem_type`.
    public enum StemType {
        /// Patches that do not overlap.
        PATCH,
        /// Two convolutions of kernel 3.
        OVERLAP,
        /// The same with half the channels between.
        OVERLAP_TIERED,
        /// Two convolutions of kernel 3 with an activation between.
        OVERLAP_ACT;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public ConvNeXt {
        depths = List.copyOf(depths);
        dims = List.copyOf(dims);
        kernelSizes = List.copyOf(kernelSizes);
    }

    /// What timm's class is where nothing but its sizes is said.
    public static ConvNeXt of(int pixels, List<Integer> depths, List<Integer> dims) {
        return new ConvNeXt(
                ConvNetSettings.at(pixels),
                depths,
                dims,
                List.of(7, 7, 7, 7),
                OptionalDouble.of(1e-6),
                StemType.PATCH,
                4,
                false,
                0,
                false,
                true,
                false,
                Act.GELU,
                1e-6);
    }

    @Override
    public String family() {
        return "convnext";
    }

    @Override
    public ConvNeXt with(Arguments given) {
        var blocks = given.wholes("depths", depths, 1);
        var widths = given.wholes("dims", dims, 1);
        var kernels = given.odds("kernel_sizes", kernelSizes);
        if (blocks.size() != STAGES || widths.size() != STAGES || kernels.size() != STAGES) {
            given.fault("depths", Text.format("dims and kernel_sizes must be of %d stages", STAGES));
            return this;
        }
        return new ConvNeXt(
                settings.with(given),
                blocks,
                widths,
                kernels,
                given.positive("ls_init_value", lsInitValue),
                given.word("stem_type", stemType, List.of(StemType.values()), StemType::word),
                given.whole("patch_size", patchSize, 1),
                given.flag("head_norm_first", headNormFirst),
                given.whole("head_hidden_size", headHiddenSize, 0),
                given.flag("conv_mlp", convMlp),
                given.flag("conv_bias", convBias),
                given.flag("use_grn", useGrn),
                act,
                given.positive("norm_eps", normEps));
    }

    /// Nothing is padded where maps become smaller, so the last one must have a pixel left.
    @Override
    public Optional<String> checkImage(int height, int width) {
        var least = stemType == StemType.PATCH ? 8 * patchSize : 29;
        return Math.min(height, width) >= least
                ? Optional.empty()
                : Optional.of(Text.format("must be at least %d", least));
    }

    @Override
    public long width() {
        return headHiddenSize == 0 ? dims.getLast() : headHiddenSize;
    }

    @Override
    public Value stem(Scope s, Value maps) {
        var first = dims.getFirst();
        return switch (stemType) {
            case PATCH -> {
                var x = convolution(3, first, Window.square(patchSize, patchSize, 0), 1)
                        .forward(s.at("stem.0"), maps);
                yield new LayerNorm2d(first, normEps).forward(s.at("stem.1"), x);
            }
            case OVERLAP -> overlapping(s, maps, first, 1);
            case OVERLAP_TIERED -> overlapping(s, maps, Channels.round(first / 2), 1);
            case OVERLAP_ACT -> overlapping(s, maps, first, 2);
        };
    }

    /// @param second place of the second convolution; an activation stands at 1 where that is 2
    private Value overlapping(Scope s, Value maps, int between, int second) {
        var a = convolution(3, between, Window.square(3, 2, 1), 1).forward(s.at("stem.0"), maps);
        var b = second == 2 ? act.forward(s.at("stem.1"), a) : a;
        var c = convolution(between, dims.getFirst(), Window.square(3, 2, 1), 1).forward(s.at("stem." + second), b);
        return new LayerNorm2d(dims.getFirst(), normEps).forward(s.at("stem." + (second + 1)), c);
    }

    Conv2d convolution(long in, long out, Window window, int groups) {
        return new Conv2d(in, out, window, groups, convBias, WEIGHT, Init.zeros());
    }

    @Override
    public List<Part> parts() {
        var parts = new ArrayList<Part>();
        var blocks = depths.stream().mapToInt(n -> n).sum();
        var block = 0;
        var in = dims.getFirst();
        for (var stage = 0; stage < depths.size(); stage++) {
            var out = dims.get(stage);
            if (stage > 0) {
                parts.add(new Part("stages." + stage + ".downsample", false, new Downsample(this, in, out)));
            } else if (in != (int) out) {
                throw new IllegalStateException("the stem has the channels of the first stage");
            }
            for (var i = 0; i < depths.get(stage); i++) {
                var dropPath = new DropPath(settings.rate(block++, blocks));
                var next = new ConvNeXtBlock(this, out, kernelSizes.get(stage), dropPath);
                parts.add(new Part("stages." + stage + ".blocks." + i, true, next));
            }
            in = out;
        }
        return parts;
    }

    /// What stands before a stage: a normalization and a convolution of 2 x 2 places.
    private record Downsample(ConvNeXt model, long in, long out) implements MapLayer {
        @Override
        public Value forward(Scope s, Value maps) {
            var x = new LayerNorm2d(in, model.normEps).forward(s.at("0"), maps);
            return model.convolution(in, out, Window.square(2, 2, 0), 1).forward(s.at("1"), x);
        }
    }

    @Override
    public Value last(Scope s, Value maps) {
        return headNormFirst ? new LayerNorm2d(dims.getLast(), normEps).forward(s.at("norm_pre"), maps) : maps;
    }

    @Override
    public Value afterMean(Scope s, Value rows) {
        if (headNormFirst) {
            return rows;
        }
        var x = new LayerNorm(dims.getLast(), normEps).forward(s.at("head.norm"), rows);
        return headHiddenSize == 0
                ? x
                : Act.GELU.forward(
                        s.at("head.pre_logits.act"),
                        Linear.timm(dims.getLast(), headHiddenSize, true).forward(s.at("head.pre_logits.fc"), x));
    }

    @Override
    public String headName() {
        return "head.fc";
    }

    @Override
    public Linear linearHead() {
        return Linear.timm(width(), settings.numClasses(), true);
    }
}
