package dev.lejepa.tools.selfcheck;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.models.Arguments;
import dev.lejepa.graphs.models.ConvNet;
import dev.lejepa.graphs.models.Registry;
import dev.lejepa.graphs.nn.Mode;
import dev.lejepa.graphs.recipe.Setting;
import dev.lejepa.tools.selfcheck.GoldenTensor.Role;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/// Family 09: small ConvNets in training, their gradients and buffers, and then in evaluation.
final class ConvNetCases {
    private static final String BLOCK_ARGUMENTS = "block_args";
    private static final String BUFFER = "buffer_after1/";

    /// Keys that are no arguments of a model.
    private static final Set<String> OTHERS =
            Set.of("model", "batch", "img", "image", "height", "width", "expansion", BLOCK_ARGUMENTS);

    private ConvNetCases() {}

    static void check(GoldenCase golden, Executor executor, Comparison results) {
        var model = model(golden);
        var trained = train(golden, model, executor);
        results.expectAll(trained);
        var g = new CaseGraph(golden, "evaluation");
        g.output("logits_eval_after1", model.forward(g.scope(Mode.EVALUATE, executor.imageLayout()), g.input("x")));
        var feeds = g.feeds();
        g.declarations().buffers().forEach(b -> feeds.put(b.name(), found(trained, BUFFER + b.name())));
        results.expectAll(executor.run(g.graph(), feeds));
    }

    /// One pass in training mode: logits, the last maps, the gradients of `sum(w * logits)`, and the new buffers.
    private static Map<String, NdArray> train(GoldenCase golden, ConvNet model, Executor executor) {
        var layout = executor.imageLayout();
        var g = new CaseGraph(golden, "training");
        var s = g.scope(Mode.TRAIN, layout);
        var x = g.input("x");
        var maps = model.features(s, x);
        var logits = model.head(s, model.pool(s, maps));
        var loss = logits.mul(g.input("w")).sum(false, 0, 1);
        g.output("logits_train", logits);
        g.output("forward_features_train", layout.to(ImageLayout.NCHW, maps.value()));
        g.output("loss", loss);
        g.declarations().buffers().forEach(b -> g.output(BUFFER + b.name(), b.current()));
        var wrt = new LinkedHashMap<String, Value>();
        wrt.put("grad_x", x);
        g.gradients(loss, wrt);
        return g.run(executor);
    }

    private static NdArray found(Map<String, NdArray> arrays, String name) {
        var array = arrays.get(name);
        if (array == null) {
            throw new IllegalStateException(Text.format("training has no buffer '%s'", name));
        }
        return array;
    }

    /// The model with a case's arguments, called as timm calls them.
    private static ConvNet model(GoldenCase golden) {
        var params = golden.params();
        var name = params.text("model", kin(golden, params));
        var named = Registry.find(name)
                .orElseThrow(
                        () -> new BadInputException(Text.format("%s: '%s' is no known model", golden.name(), name)));
        var arguments = new Arguments(arguments(golden, params));
        var model = named.with(arguments);
        arguments.refuseOthers(name);
        if (!arguments.faults().isEmpty()) {
            throw new BadInputException(arguments.faults().toString());
        }
        if (!(model instanceof ConvNet convNet)) {
            throw new BadInputException(Text.format("%s: '%s' is no ConvNet", golden.name(), name));
        }
        return convNet;
    }

    /// A named model of the family that a case's arguments belong to.
    private static String kin(GoldenCase golden, Params params) {
        if (params.has("depths")) {
            return hasParameter(golden, ".gamma") ? "convnext_tiny" : "convnextv2_tiny";
        }
        return params.has("w0") ? "regnetx_002" : "resnet18";
    }

    /// Where no model is named, some arguments are told by the parameters alone.
    private static SequencedMap<String, Setting> arguments(GoldenCase golden, Params params) {
        var arguments = ModelArguments.of(params, OTHERS);
        if (params.has(BLOCK_ARGUMENTS)) {
            arguments.putAll(ModelArguments.of(params.object(BLOCK_ARGUMENTS), Set.of()));
        }
        if (params.has("model")) {
            return arguments;
        }
        if (params.has("depths")) {
            arguments.putIfAbsent("use_grn", new Setting.Flag(hasParameter(golden, ".mlp.grn.weight")));
            arguments.putIfAbsent("conv_mlp", new Setting.Flag(isConvolution(golden, ".mlp.fc1.weight")));
        } else if (params.has("layers") && hasParameter(golden, ".se.fc1.weight")) {
            arguments.putIfAbsent("attn_layer", new Setting.Text("se"));
        }
        return arguments;
    }

    private static boolean hasParameter(GoldenCase golden, String end) {
        return golden.tensors(Role.PARAM).stream().anyMatch(t -> t.name().endsWith(end));
    }

    private static boolean isConvolution(GoldenCase golden, String end) {
        return golden.tensors(Role.PARAM).stream()
                .anyMatch(t -> t.name().endsWith(end) && t.shape().size() == 4);
    }
}
