package dev.lejepa.graphs.models;

import dev.lejepa.graphs.models.ConvNorm.Padding;
import dev.lejepa.graphs.models.ConvNorm.Style;
import dev.lejepa.graphs.models.EfficientNet.Head;
import dev.lejepa.graphs.models.MobileBlock.Spec;
import dev.lejepa.graphs.nn.Act;
import dev.lejepa.graphs.nn.FanOut;
import java.util.ArrayList;
import java.util.List;

/// How a mobile network is made of a table of stages: by what it is wider and deeper, and what all its layers have in
/// common.
///
/// @param width channels over those of the table
/// @param depths blocks over those of the table, for each stage or for all
/// @param rounding of depths
/// @param limit part of its channels that rounding may not go below
/// @param fixedStem whether the stem has the table's channels
/// @param fixedEnds whether the first stage and the last have the table's depth
/// @param features what becomes of the head's channels
/// @param epsilon of BatchNorm
record MobileScaling(
        double width,
        List<Double> depths,
        MobileStage.Depth rounding,
        double limit,
        boolean fixedStem,
        boolean fixedEnds,
        Features features,
        Padding padding,
        double epsilon,
        Act act,
        Gates gates,
        Head head) {
    private static final double TENSORFLOW_EPSILON = 1e-3;
    private static final double EPSILON = 1e-5;

    /// What becomes of the head's channels where a model is wider.
    enum Features {
        SCALED,
        /// No fewer than the table's.
        AT_LEAST,
        FIXED
    }

    /// As EfficientNet is scaled.
    MobileScaling(double width, double depth) {
        this(
                width,
                List.of(depth),
                MobileStage.Depth.UP,
                0.9,
                false,
                false,
                Features.SCALED,
                Padding.HALF,
                EPSILON,
                Act.SILU,
                Gates.EFFICIENT_NET,
                Head.BEFORE_MEAN);
    }

    /// As MobileNetV3 is scaled.
    static MobileScaling mobile(double width, double depth) {
        return new MobileScaling(
                width,
                List.of(depth),
                MobileStage.Depth.UP,
                0.9,
                width < 0.75,
                false,
                Features.FIXED,
                Padding.HALF,
                EPSILON,
                Act.HARD_SWISH,
                Gates.MOBILE_NET,
                Head.AFTER_MEAN);
    }

    private static double of(Padding padding) {
        return padding == Padding.SAME ? TENSORFLOW_EPSILON : EPSILON;
    }

    /// With this padding, and with the small number in BatchNorm that belongs to it.
    MobileScaling padded(Padding other) {
        return new MobileScaling(
                width, depths, rounding, limit, fixedStem, fixedEnds, features, other, of(other), act, gates, head);
    }

    MobileScaling with(Act other) {
        return new MobileScaling(
                width, depths, rounding, limit, fixedStem, fixedEnds, features, padding, epsilon, other, gates, head);
    }

    MobileScaling with(Features other) {
        return new MobileScaling(
                width, depths, rounding, limit, fixedStem, fixedEnds, other, padding, epsilon, act, gates, head);
    }

    MobileScaling with(Gates otherGates, Head otherHead) {
        return new MobileScaling(
                width,
                depths,
                rounding,
                limit,
                fixedStem,
                fixedEnds,
                features,
                padding,
                epsilon,
                act,
                otherGates,
                otherHead);
    }

    MobileScaling withDepths(Double... stages) {
        return new MobileScaling(
                width,
                List.of(stages),
                rounding,
                limit,
                fixedStem,
                fixedEnds,
                features,
                padding,
                epsilon,
                act,
                gates,
                head);
    }

    MobileScaling withEpsilon(double other) {
        return new MobileScaling(
                width, depths, rounding, limit, fixedStem, fixedEnds, features, padding, other, act, gates, head);
    }

    MobileScaling withFixedStem(boolean fixed) {
        return new MobileScaling(
                width, depths, rounding, limit, fixed, fixedEnds, features, padding, epsilon, act, gates, head);
    }

    MobileScaling withLimit(double other) {
        return new MobileScaling(
                width, depths, rounding, other, fixedStem, fixedEnds, features, padding, epsilon, act, gates, head);
    }

    /// Stem, head, first and last stage as the table has them.
    MobileScaling withFixedEnds() {
        return new MobileScaling(
                width, depths, rounding, limit, true, true, Features.FIXED, padding, epsilon, act, gates, head);
    }

    /// For models that are smaller than the table: depths are rounded to the nearest, stem and head stay.
    MobileScaling shrunk() {
        return new MobileScaling(
                width,
                depths,
                MobileStage.Depth.NEAREST,
                limit,
                true,
                fixedEnds,
                Features.FIXED,
                padding,
                epsilon,
                act,
                gates,
                head);
    }

    /// @param stem channels of the stem in the table
    /// @param wide channels of the head in the table; 0 for no convolution there
    EfficientNet build(int pixels, List<MobileStage> table, int stem, int wide) {
        return build(pixels, table, stem, 3, wide);
    }

    EfficientNet build(int pixels, List<MobileStage> table, int stem, int stemKernel, int wide) {
        var stages = new ArrayList<List<Spec>>();
        for (var i = 0; i < table.size(); i++) {
            var end = fixedEnds && (i == 0 || i == table.size() - 1);
            var depth = depths.size() == 1 ? depths.getFirst() : depths.get(i);
            stages.add(table.get(i).scaled(end ? 1 : depth, rounding, this::channels));
        }
        return new EfficientNet(
                ConvNetSettings.at(pixels),
                stages,
                fixedStem ? stem : channels(stem),
                stemKernel,
                wide == 0 ? 0 : features(wide),
                head,
                act,
                gates,
                new Style(padding, epsilon, FanOut.GROUP));
    }

    private int features(int wide) {
        return switch (features) {
            case SCALED -> channels(wide);
            case AT_LEAST -> Math.max(wide, channels(wide));
            case FIXED -> wide;
        };
    }

    private int channels(int table) {
        return Channels.round(table * width, 8, 8, limit);
    }
}
