package dev.lejepa.graphs.models;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.models.ConvNorm.Padding;
import dev.lejepa.graphs.models.ConvNorm.Style;
import dev.lejepa.graphs.nn.Act;
import dev.lejepa.graphs.nn.DropPath;
import dev.lejepa.graphs.nn.FanOut;
import dev.lejepa.graphs.nn.Init;
import dev.lejepa.graphs.nn.Linear;
import dev.lejepa.graphs.nn.Scope;
import java.util.ArrayList;
import java.util.List;

/// RegNet (arXiv:2003.13678) with timm's arguments, parameter names and initialization (`timm/models/regnet.py`). The
/// widths of all blocks follow from four numbers.
///
/// @param depth number of blocks
/// @param w0 width of the first
/// @param wa by what the width grows from block to block, before it is rounded to a stage's
/// @param wm by what the width grows from stage to stage
/// @param groupSize channels of a group in the blocks' middle convolutions
/// @param bottleRatio width of these convolutions over a block's
/// @param seRatio channels between the two convolutions of squeeze-and-excitation over those that a block reads; 0 for
///     none
/// @param groupMinRatio part of its width that rounding to whole groups may take from a stage, as torchvision rounds; 0
///     for the paper's rounding
/// @param stemWidth channels of the stem
/// @param downsample the shortcuts that change size
/// @param linearOut whether blocks end without an activation
/// @param preact whether normalizations come before convolutions
/// @param numFeatures channels of a convolution behind the last block; 0 for none
public record RegNet(
        ConvNetSettings settings,
        int depth,
        int w0,
        double wa,
        double wm,
        int groupSize,
        double bottleRatio,
        double seRatio,
        double groupMinRatio,
        int stemWidth,
        Downsample downsample,
        boolean linearOut,
        boolean preact,
        int numFeatures,
        Act act,
        boolean zeroInitLast)
        implements ConvNet {
    /// What widths are multiples of before they are rounded to groups.
    private static final int MULTIPLE = 8;

    static final Style STYLE = new Style(Padding.HALF, 1e-5, FanOut.GROUP);

    /// timm's `downsample`.
    public enum Downsample {
        CONV1X1,
        /// An average before a convolution of kernel 1.
        AVG,
        /// Blocks that change size have no shortcut.
        NONE
    }

    /// A row of blocks of one width.
    ///
    /// @param groupSize channels of a group
    record Stage(int width, int depth, int groupSize) {}

    @Override
    public String family() {
        return "regnet";
    }

    @Override
    public RegNet with(Arguments given) {
        var model = new RegNet(
                settings.with(given),
                given.whole("depth", depth, 4),
                given.whole("w0", w0, MULTIPLE),
                given.positive("wa", wa),
                given.positive("wm", wm),
                given.whole("group_size", groupSize, 1),
                given.positive("bottle_ratio", bottleRatio),
                given.rate("se_ratio", seRatio),
                groupMinRatio,
                given.whole("stem_width", stemWidth, 1),
                downsample,
                given.flag("linear_out", linearOut),
                preact,
                given.whole("num_features", numFeatures, 0),
                act,
                given.flag("zero_init_last", zeroInitLast));
        if (model.w0 % MULTIPLE != 0) {
            given.fault("w0", Text.format("is %d, must be a multiple of %d", model.w0, MULTIPLE));
        }
        if (model.wm <= 1) {
            given.fault("wm", Text.format("is %s, must be greater than 1", model.wm));
        }
        return model;
    }

    /// Stages in order: blocks whose widths round to the same power of `wm`, and to the same multiple of 8.
    List<Stage> stages() {
        var widths = new ArrayList<Integer>();
        var depths = new ArrayList<Integer>();
        for (var i = 0; i < depth; i++) {
            var exponent = Math.rint(Math.log((w0 + wa * i) / w0) / Math.log(wm));
            var width = (int) (Math.rint(w0 * Math.pow(wm, exponent) / MULTIPLE) * MULTIPLE);
            if (widths.isEmpty() || widths.getLast() != width) {
                widths.add(width);
                depths.add(0);
            }
            depths.set(depths.size() - 1, depths.getLast() + 1);
        }
        var stages = new ArrayList<Stage>();
        for (var i = 0; i < widths.size(); i++) {
            stages.add(inWholeGroups(widths.get(i), depths.get(i)));
        }
        return stages;
    }

    private Stage inWholeGroups(int width, int blocks) {
        var inner = (int) (width * bottleRatio);
        var group = Math.min(groupSize, inner);
        var whole = groupMinRatio == 0
                ? (int) (Math.rint((double) inner / group) * group)
                : Channels.round(inner, group, groupMinRatio, groupMinRatio);
        return new Stage((int) (whole / bottleRatio), blocks, group);
    }

    @Override
    public long width() {
        return numFeatures == 0 ? stages().getLast().width() : numFeatures;
    }

    @Override
    public Value stem(Scope s, Value maps) {
        var stem = new ConvNorm(3, stemWidth, 3, 2, 1, STYLE);
        return preact
                ? stem.convolve(s.at("stem"), maps)
                : act.forward(s.at("stem.act"), stem.forward(s.at("stem.conv"), s.at("stem.bn"), maps));
    }

    @Override
    public List<Part> parts() {
        var parts = new ArrayList<Part>();
        var stages = stages();
        var in = stemWidth;
        for (var number = 0; number < stages.size(); number++) {
            var stage = stages.get(number);
            for (var i = 0; i < stage.depth(); i++) {
                var dropPath = new DropPath(settings.rate(parts.size(), depth));
                var block = new RegNetBlock(this, in, stage, i == 0 ? 2 : 1, dropPath);
                parts.add(new Part("s" + (number + 1) + ".b" + (i + 1), true, block));
                in = stage.width();
            }
        }
        return parts;
    }

    @Override
    public Value last(Scope s, Value maps) {
        if (numFeatures == 0) {
            return linearOut || preact ? act.forward(s.at("final_conv"), maps) : maps;
        }
        var conv = new ConvNorm(stages().getLast().width(), numFeatures, 1, 1, 1, STYLE);
        return act.forward(s.at("final_conv.act"), conv.forward(s.at("final_conv.conv"), s.at("final_conv.bn"), maps));
    }

    @Override
    public String headName() {
        return "head.fc";
    }

    @Override
    public Linear linearHead() {
        return new Linear(width(), settings.numClasses(), true, new Init.Normal(0.01), Init.zeros());
    }
}
