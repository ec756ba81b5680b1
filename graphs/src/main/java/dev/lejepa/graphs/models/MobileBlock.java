package dev.lejepa.graphs.models;

import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.models.ConvNet.MapLayer;
import dev.lejepa.graphs.nn.Act;
import dev.lejepa.graphs.nn.DropPath;
import dev.lejepa.graphs.nn.Scope;
import java.util.Optional;

/// A block of a mobile network: narrow at its ends, and with a shortcut where these are alike.
///
/// @param model that it is a part of
/// @param in channels of its maps
/// @param stride by which its maps become smaller
public record MobileBlock(EfficientNet model, int in, int stride, Spec spec, DropPath dropPath) implements MapLayer {
    /// What a block is made of.
    public enum Kind {
        /// A convolution.
        CONVOLUTION,
        /// A depthwise convolution and one of kernel 1.
        SEPARABLE,
        /// The same with an activation at the end, and never a shortcut.
        SEPARABLE_ACTIVATED,
        /// A convolution of kernel 1 that expands, a depthwise one, and one of kernel 1 that narrows.
        INVERTED,
        /// A convolution that expands and one of kernel 1 that narrows.
        EDGE
    }

    /// A block as a table defines it.
    ///
    /// @param stride of the block where it is the first of its stage; else it is 1
    /// @param expansion of channels within
    /// @param expanded channels that are expanded; 0 for those that the block reads
    /// @param se channels between the convolutions of squeeze-and-excitation, as a part; 0 for none
    /// @param act the model's where there is none
    /// @param skip whether there is a shortcut where shapes allow it
    public record Spec(
            Kind kind,
            int kernel,
            int stride,
            double expansion,
            int expanded,
            int out,
            double se,
            Optional<Act> act,
            boolean skip) {}

    @Override
    public Value forward(Scope s, Value x) {
        var branch = switch (spec.kind) {
            case CONVOLUTION ->
                act().forward(
                                s.at("act"),
                                convolution(in, spec.out, spec.kernel, stride, 1)
                                        .forward(s.at("conv"), s.at("bn1"), x));
            case SEPARABLE -> separable(s, x);
            case SEPARABLE_ACTIVATED -> act().forward(s.at("act2"), separable(s, x));
            case INVERTED -> inverted(s, x);
            case EDGE -> edge(s, x);
        };
        if (!spec.skip || stride > 1 || in != spec.out) {
            return branch;
        }
        var kept = dropPath.forward(s.at("drop_path"), branch);
        return s.within("Residual", () -> kept.add(x));
    }

    private Value separable(Scope s, Value x) {
        var a = depthwise(in).forward(s.at("conv_dw"), s.at("bn1"), x);
        var b = gated(s, in, 1, act().forward(s.at("act1"), a));
        return convolution(in, spec.out, 1, 1, 1).forward(s.at("conv_pw"), s.at("bn2"), b);
    }

    private Value inverted(Scope s, Value x) {
        var wide = Channels.round(in * spec.expansion);
        var a = convolution(in, wide, 1, 1, 1).forward(s.at("conv_pw"), s.at("bn1"), x);
        var b = depthwise(wide).forward(s.at("conv_dw"), s.at("bn2"), act().forward(s.at("act1"), a));
        var c = gated(s, wide, spec.expansion, act().forward(s.at("act2"), b));
        return convolution(wide, spec.out, 1, 1, 1).forward(s.at("conv_pwl"), s.at("bn3"), c);
    }

    private Value edge(Scope s, Value x) {
        var wide = Channels.round((spec.expanded == 0 ? in : spec.expanded) * spec.expansion);
        var a = convolution(in, wide, spec.kernel, stride, 1).forward(s.at("conv_exp"), s.at("bn1"), x);
        var b = gated(s, wide, spec.expansion, act().forward(s.at("act1"), a));
        return convolution(wide, spec.out, 1, 1, 1).forward(s.at("conv_pwl"), s.at("bn2"), b);
    }

    private ConvNorm depthwise(int channels) {
        return convolution(channels, channels, spec.kernel, stride, channels);
    }

    private ConvNorm convolution(int from, int to, int kernel, int by, int groups) {
        return new ConvNorm(from, to, kernel, by, groups, model.style());
    }

    private Value gated(Scope s, int channels, double expansion, Value x) {
        return spec.se == 0
                ? x
                : model.gates().layer(channels, spec.se, expansion, act()).forward(s.at("se"), x);
    }

    private Act act() {
        return spec.act.orElse(model.act());
    }
}
