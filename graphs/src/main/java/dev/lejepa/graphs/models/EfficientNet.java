package dev.lejepa.graphs.models;

import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.models.ConvNorm.Style;
import dev.lejepa.graphs.nn.Act;
import dev.lejepa.graphs.nn.DropPath;
import dev.lejepa.graphs.nn.FanOut;
import dev.lejepa.graphs.nn.Init;
import dev.lejepa.graphs.nn.Linear;
import dev.lejepa.graphs.nn.Pointwise;
import dev.lejepa.graphs.nn.Scope;
import java.util.ArrayList;
import java.util.List;

/// EfficientNet (arXiv:1905.11946), EfficientNetV2 (arXiv:2104.00298), MobileNetV3 (arXiv:1905.02244) and their kin with
/// timm's arguments, parameter names and initialization (`timm/models/efficientnet.py`, `mobilenetv3.py`): inverted
/// residuals, which a table lists.
///
/// @param stages blocks of each stage
/// @param stemSize channels of the stem
/// @param stemKernel of its convolution
/// @param numFeatures channels of the head's convolution; 0 for none
/// @param act of all blocks that do not say another
/// @param gates of channels, in blocks that have them
/// @param style of convolutions
public record EfficientNet(
        ConvNetSettings settings,
        List<List<MobileBlock.Spec>> stages,
        int stemSize,
        int stemKernel,
        int numFeatures,
        Head head,
        Act act,
        Gates gates,
        Style style)
        implements ConvNet {
    /// Where the head's convolution is.
    public enum Head {
        /// Before the mean over all places, with BatchNorm: EfficientNet's.
        BEFORE_MEAN,
        /// Behind it, with a bias: MobileNetV3's.
        AFTER_MEAN,
        /// Behind it, without one.
        AFTER_MEAN_UNBIASED
    }

    public EfficientNet {
        stages = stages.stream().map(List::copyOf).toList();
    }

    @Override
    public String family() {
        return head == Head.BEFORE_MEAN ? "efficientnet" : "mobilenetv3";
    }

    @Override
    public EfficientNet with(Arguments given) {
        return new EfficientNet(
                settings.with(given),
                stages,
                stemSize,
                stemKernel,
                numFeatures,
                head,
                act,
                gates,
                new Style(style.padding(), given.positive("bn_eps", style.epsilon()), style.init()));
    }

    @Override
    public long width() {
        return numFeatures == 0 ? lastChannels() : numFeatures;
    }

    private int lastChannels() {
        return stages.getLast().getLast().out();
    }

    @Override
    public Value stem(Scope s, Value maps) {
        var x = new ConvNorm(3, stemSize, stemKernel, 2, 1, style).forward(s.at("conv_stem"), s.at("bn1"), maps);
        return act.forward(s.at("act1"), x);
    }

    @Override
    public List<Part> parts() {
        var parts = new ArrayList<Part>();
        var blocks = stages.stream().mapToInt(List::size).sum();
        var in = stemSize;
        for (var stage = 0; stage < stages.size(); stage++) {
            for (var i = 0; i < stages.get(stage).size(); i++) {
                var spec = stages.get(stage).get(i);
                var dropPath = new DropPath(settings.dropPathRate() * parts.size() / blocks);
                var block = new MobileBlock(this, in, i == 0 ? spec.stride() : 1, spec, dropPath);
                parts.add(new Part("blocks." + stage + "." + i, true, block));
                in = spec.out();
            }
        }
        return parts;
    }

    @Override
    public Value last(Scope s, Value maps) {
        if (head != Head.BEFORE_MEAN || numFeatures == 0) {
            return maps;
        }
        var x = new ConvNorm(lastChannels(), numFeatures, 1, 1, 1, style).forward(s.at("conv_head"), s.at("bn2"), maps);
        return act.forward(s.at("act2"), x);
    }

    @Override
    public Value afterMean(Scope s, Value rows) {
        return switch (head) {
            case BEFORE_MEAN -> rows;
            case AFTER_MEAN -> widened(s, true, rows);
            case AFTER_MEAN_UNBIASED -> widened(s, false, rows);
        };
    }

    private Value widened(Scope s, boolean bias, Value rows) {
        var init = FanOut.GROUP.of(numFeatures, 1, 1);
        var x = new Pointwise(lastChannels(), numFeatures, bias, init, Init.zeros()).forward(s.at("conv_head"), rows);
        return act.forward(s.at("act2"), x);
    }

    @Override
    public String headName() {
        return "classifier";
    }

    @Override
    public Linear linearHead() {
        var classes = settings.numClasses();
        return new Linear(width(), classes, true, new Init.Uniform(1 / Math.sqrt(classes)), Init.zeros());
    }
}
