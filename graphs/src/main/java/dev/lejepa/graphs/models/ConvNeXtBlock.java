package dev.lejepa.graphs.models;

import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.ir.Window;
import dev.lejepa.graphs.models.ConvNet.MapLayer;
import dev.lejepa.graphs.nn.DropPath;
import dev.lejepa.graphs.nn.GlobalResponseNorm;
import dev.lejepa.graphs.nn.Init;
import dev.lejepa.graphs.nn.LayerNorm;
import dev.lejepa.graphs.nn.Linear;
import dev.lejepa.graphs.nn.Pointwise;
import dev.lejepa.graphs.nn.Scope;

/// A block of ConvNeXt: a depthwise convolution, then a perceptron at each place of its normalized maps.
///
/// @param model that it is a part of
/// @param width channels of its maps
record ConvNeXtBlock(ConvNeXt model, int width, int kernel, DropPath dropPath) implements MapLayer {
    private static final int EXPANSION = 4;

    @Override
    public Value forward(Scope s, Value x) {
        var layout = s.imageLayout();
        var window = Window.square(kernel, 1, kernel / 2);
        var dw = model.convolution(width, width, window, width).forward(s.at("conv_dw"), x);
        var places = s.within("ConvNeXtBlock", () -> layout.to(ImageLayout.NHWC, dw)); // [N, H, W, width]
        var mapped = perceptron(s, new LayerNorm(width, model.normEps()).forward(s.at("norm"), places));
        var scaled = model.lsInitValue().isEmpty() ? mapped : scale(s, mapped);
        var branch = s.within("ConvNeXtBlock", () -> ImageLayout.NHWC.to(layout, scaled));
        var kept = dropPath.forward(s.at("drop_path"), branch);
        return s.within("Residual", () -> kept.add(x));
    }

    private Value perceptron(Scope s, Value x) {
        var hidden = EXPANSION * width;
        var h = model.act().forward(s.at("mlp.act"), linear(s.at("mlp.fc1"), x, width, hidden));
        var g = model.useGrn() ? new GlobalResponseNorm(hidden).forward(s.at("mlp.grn"), h) : h;
        return linear(s.at("mlp.fc2"), g, hidden, width);
    }

    /// Weights are those of a convolution of kernel 1 or of a linear layer; both compute the same.
    private Value linear(Scope s, Value x, long in, long out) {
        if (!model.convMlp()) {
            return new Linear(in, out, true, ConvNeXt.WEIGHT, Init.zeros()).forward(s, x);
        }
        var rows = s.within("places", () -> x.reshape(x.dim(0) * x.dim(1) * x.dim(2), in));
        var y = new Pointwise(in, out, true, ConvNeXt.WEIGHT, Init.zeros()).forward(s, rows);
        return s.within("places", () -> y.reshape(x.dim(0), x.dim(1), x.dim(2), out));
    }

    private Value scale(Scope s, Value x) {
        var start = new Init.Constant(model.lsInitValue().getAsDouble());
        return s.within("LayerScale", () -> x.mul(s.parameter("gamma", start, width)));
    }
}
