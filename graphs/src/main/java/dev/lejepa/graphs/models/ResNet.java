package dev.lejepa.graphs.models;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Window;
import dev.lejepa.graphs.models.ConvNorm.Padding;
import dev.lejepa.graphs.models.ConvNorm.Style;
import dev.lejepa.graphs.models.ResNetBlock.Attention;
import dev.lejepa.graphs.models.ResNetBlock.Kind;
import dev.lejepa.graphs.models.ResNetBlock.Shortcut;
import dev.lejepa.graphs.nn.Act;
import dev.lejepa.graphs.nn.AvgPool2d;
import dev.lejepa.graphs.nn.DropPath;
import dev.lejepa.graphs.nn.FanOut;
import dev.lejepa.graphs.nn.Linear;
import dev.lejepa.graphs.nn.MaxPool2d;
import dev.lejepa.graphs.nn.Scope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A residual network with timm's arguments, parameter names and initialization (`timm/models/resnet.py`): ResNet
/// (arXiv:1512.03385), its wide, ResNeXt and squeeze-and-excitation forms, with the stems of arXiv:1812.01187.
///
/// @param block of all stages
/// @param layers blocks of each stage
/// @param channels of the stages' blocks, before these expand them
/// @param cardinality groups of a bottleneck's middle convolution
/// @param baseWidth width of that convolution for each 64 channels and group
/// @param stemWidth channels of a deep stem's first convolutions
/// @param replaceStemPool whether a convolution takes the place of the stem's max pooling
/// @param blockReduceFirst by what the first convolution of a block is narrower
/// @param downKernelSize kernel of the shortcuts that change size
/// @param avgDown whether such shortcuts average, before a convolution of kernel 1
/// @param antiAliased whether averages, rather than strides, make maps smaller
/// @param attn gates of channels in each block
/// @param zeroInitLast whether blocks begin as their shortcuts alone
public record ResNet(
        ConvNetSettings settings,
        Kind block,
        List<Integer> layers,
        List<Integer> channels,
        int cardinality,
        int baseWidth,
        int stemWidth,
        StemType stemType,
        boolean replaceStemPool,
        int blockReduceFirst,
        int downKernelSize,
        boolean avgDown,
        boolean antiAliased,
        Attention attn,
        boolean zeroInitLast)
        implements ConvNet {
    static final Style STYLE = new Style(Padding.HALF, 1e-5, FanOut.WHOLE);

    /// Channels behind a stem of one convolution.
    private static final int PLAIN_STEM = 64;

    /// Width of blocks whose middle is as wide as their ends are before these are expanded.
    private static final int BASE_WIDTH = 64;

    /// timm's `stem_type`.
    public enum StemType {
        /// One convolution of kernel 7.
        PLAIN,
        /// Three of kernel 3.
        DEEP,
        /// Three of kernel 3, the first with three quarters of the channels.
        DEEP_TIERED;

        String word() {
            return this == PLAIN ? "" : name().toLowerCase(Locale.ROOT);
        }
    }

    public ResNet {
        layers = List.copyOf(layers);
        channels = List.copyOf(channels);
    }

    /// What timm's class is where nothing is said.
    public static ResNet of(int pixels, Kind block, List<Integer> layers) {
        return new ResNet(
                ConvNetSettings.at(pixels),
                block,
                layers,
                List.of(64, 128, 256, 512),
                1,
                BASE_WIDTH,
                64,
                StemType.PLAIN,
                false,
                1,
                1,
                false,
                false,
                Attention.NONE,
                true);
    }

    @Override
    public String family() {
        return "resnet";
    }

    @Override
    public ResNet with(Arguments given) {
        var kind = given.word("block", block, List.of(Kind.values()), Kind::word);
        var depths = given.wholes("layers", layers, 1);
        var widths = given.wholes("channels", channels, 1);
        if (depths.size() != widths.size()) {
            given.fault(
                    "channels",
                    Text.format("are of %d stages, must be of %d as layers are", widths.size(), depths.size()));
            return this;
        }
        var model = new ResNet(
                settings.with(given),
                kind,
                depths,
                widths,
                kind == Kind.BASIC ? 1 : given.whole("cardinality", cardinality, 1),
                kind == Kind.BASIC ? BASE_WIDTH : given.whole("base_width", baseWidth, 1),
                given.whole("stem_width", stemWidth, 4),
                given.word("stem_type", stemType, List.of(StemType.values()), StemType::word),
                given.flag("replace_stem_pool", replaceStemPool),
                given.whole("block_reduce_first", blockReduceFirst, 1),
                given.odd("down_kernel_size", downKernelSize),
                given.flag("avg_down", avgDown),
                antiAliased,
                given.word("attn_layer", attn, List.of(Attention.values()), Attention::word),
                given.flag("zero_init_last", zeroInitLast));
        var narrowest = model.innerWidth(Collections.min(widths));
        if (model.blockReduceFirst > narrowest) {
            given.fault(
                    "block_reduce_first",
                    Text.format(
                            "is %d, must be at most %d, the width of the narrowest block",
                            model.blockReduceFirst, narrowest));
        }
        return model;
    }

    /// Width inside of a block.
    ///
    /// @param planes channels of its branch, before the last convolution expands them
    long innerWidth(int planes) {
        return switch (block) {
            case BASIC -> planes;
            case BOTTLENECK -> (long) Math.floor(planes * (baseWidth / (double) BASE_WIDTH)) * cardinality;
        };
    }

    /// Where averages make maps smaller, an odd row or column is lost, and the shortcut keeps it.
    @Override
    public Optional<String> checkImage(int height, int width) {
        return !antiAliased || halves(height) && halves(width)
                ? Optional.empty()
                : Optional.of("must be a multiple of 32 for models that average");
    }

    private static boolean halves(int side) {
        var behindStem = (side + 1) / 2 / 2;
        return behindStem > 0 && behindStem % 8 == 0;
    }

    @Override
    public long width() {
        return (long) channels.getLast() * block.expansion();
    }

    @Override
    public Value stem(Scope s, Value maps) {
        var x = stemConvolutions(s, maps);
        return replaceStemPool
                ? Act.RELU.forward(
                        s.at("maxpool.2"),
                        new ConvNorm(stemChannels(), stemChannels(), 3, 2, 1, STYLE)
                                .forward(s.at("maxpool.0"), s.at("maxpool.1"), x))
                : smaller(s.at("maxpool"), x);
    }

    private Value smaller(Scope s, Value x) {
        return antiAliased
                ? new AvgPool2d(Window.square(2, 2, 0), false, true).forward(s, x)
                : new MaxPool2d(Window.square(3, 2, 1), false).forward(s, x);
    }

    private Value stemConvolutions(Scope s, Value maps) {
        if (stemType == StemType.PLAIN) {
            return Act.RELU.forward(
                    s.at("act1"),
                    new ConvNorm(3, PLAIN_STEM, 7, 2, 1, STYLE).forward(s.at("conv1"), s.at("bn1"), maps));
        }
        var first = stemType == StemType.DEEP_TIERED ? 3 * (stemWidth / 4) : stemWidth;
        var a = new ConvNorm(3, first, 3, 2, 1, STYLE).forward(s.at("conv1.0"), s.at("conv1.1"), maps);
        var b = new ConvNorm(first, stemWidth, 3, 1, 1, STYLE)
                .forward(s.at("conv1.3"), s.at("conv1.4"), Act.RELU.forward(s.at("conv1.2"), a));
        var c = new ConvNorm(stemWidth, stemChannels(), 3, 1, 1, STYLE)
                .forward(s.at("conv1.6"), s.at("bn1"), Act.RELU.forward(s.at("conv1.5"), b));
        return Act.RELU.forward(s.at("act1"), c);
    }

    private long stemChannels() {
        return stemType == StemType.PLAIN ? PLAIN_STEM : 2L * stemWidth;
    }

    @Override
    public List<Part> parts() {
        var parts = new ArrayList<Part>();
        var blocks = layers.stream().mapToInt(n -> n).sum();
        var in = stemChannels();
        for (var stage = 0; stage < layers.size(); stage++) {
            for (var i = 0; i < layers.get(stage); i++) {
                var stride = i == 0 && stage > 0 ? 2 : 1;
                var dropPath = new DropPath(settings.rate(parts.size(), blocks));
                var next =
                        new ResNetBlock(this, in, channels.get(stage), stride, shortcut(in, stage, stride), dropPath);
                parts.add(new Part("layer" + (stage + 1) + "." + i, true, next));
                in = next.out();
            }
        }
        return parts;
    }

    private Shortcut shortcut(long in, int stage, int stride) {
        if (stride == 1 && in == (long) channels.get(stage) * block.expansion()) {
            return Shortcut.IDENTITY;
        }
        return avgDown ? Shortcut.AVERAGE : Shortcut.CONVOLUTION;
    }

    @Override
    public String headName() {
        return "fc";
    }

    @Override
    public Linear linearHead() {
        return Linear.torch(width(), settings.numClasses());
    }
}
