package dev.lejepa.tools.selfcheck;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.autodiff.Autodiff;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.models.Arguments;
import dev.lejepa.graphs.models.Features;
import dev.lejepa.graphs.models.VisionTransformer;
import dev.lejepa.graphs.nn.Mode;
import dev.lejepa.graphs.nn.Scope;
import dev.lejepa.graphs.recipe.BackboneSpec;
import dev.lejepa.graphs.recipe.Setting;
import dev.lejepa.tools.selfcheck.GoldenTensor.Role;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/// Family 08, the parts that compute: Vision Transformers and the resampling of their position embeddings.
final class VisionCases {
    private static final String POSITIONS = "pos_embed_";

    private VisionCases() {}

    /// Everything that a small ViT computes, and the gradients of `sum(w * logits)`.
    static void vit(GoldenCase golden, Executor executor, Comparison results) {
        var model = model(golden.params());
        var g = new CaseGraph(golden, "vit");
        var s = g.scope(Mode.EVALUATE);
        var x = g.input("x");
        var tokens = model.features(s, x);
        var pooled = model.pool(s, tokens);
        var logits = model.head(s, pooled);
        var loss = logits.mul(g.input("w")).sum(false, 0, 1);
        g.output("forward_features", tokens.value());
        g.output("pre_logits", pooled);
        g.output("logits", logits);
        g.output("loss", loss);
        g.output("tokens_with_pos_embed", model.embed(s, x));
        blocks(g, s, model, x);
        positions(g, s, model, x, results);
        var wrt = new LinkedHashMap<String, Value>();
        wrt.put("grad_x", x);
        g.gradients(loss, wrt);
        results.expectAll(g.run(executor));
        parameters(golden, g, results);
    }

    /// The class token after each of the last two blocks, with and without the final norm.
    private static void blocks(CaseGraph g, Scope s, VisionTransformer model, Value x) {
        var last = model.blocks().size() - 1;
        var chosen = last == 0 ? Set.of(0) : Set.of(last - 1, last);
        var taken =
                model.intermediates(s, x, chosen).stream().map(Features::tokens).toList();
        g.output("last_block_tokens_before_norm", taken.getLast());
        if (!model.classToken()) {
            return;
        }
        g.output("cls_last2_before_norm", classTokens(taken));
        if (!model.normsPooled()) {
            g.output(
                    "cls_last2_after_norm",
                    classTokens(taken.stream()
                            .map(t -> model.norm().forward(s.at("norm"), t))
                            .toList()));
        }
    }

    private static Value classTokens(List<Value> tokens) {
        return Value.concat(
                0,
                tokens.stream()
                        .map(t -> t.slice(1, 0, 1).reshape(1, t.dim(0), t.dim(2)))
                        .toList());
    }

    private static void positions(CaseGraph g, Scope s, VisionTransformer model, Value x, Comparison results) {
        var height = Math.toIntExact(x.dim(2));
        var width = Math.toIntExact(x.dim(3));
        if (height != model.imageHeight() || width != model.imageWidth()) {
            // timm resamples in single precision, whatever the precision of the rest
            results.referenceIsSingleTo(1e-6);
            var positions = model.positions(s, height / model.patchSize(), width / model.patchSize());
            g.output("pos_embed_resampled", positions);
        }
    }

    private static void parameters(GoldenCase golden, CaseGraph g, Comparison results) {
        if (golden.document().has("n_params")) {
            var expected = golden.document().integer("n_params");
            var found = g.declarations().parameters().stream()
                    .mapToLong(p -> p.value().shape().size())
                    .sum();
            results.require(
                    found == expected, Text.format("the model has %d parameters, expected %d", found, expected));
        }
    }

    /// The model with these arguments, called as timm calls them.
    static VisionTransformer model(Params params) {
        var arguments = new Arguments(ModelArguments.of(params, Set.of("batch", "height", "width")));
        var model = VisionTransformer.standard().with(arguments);
        arguments.refuseOthers("a vision transformer");
        if (!arguments.faults().isEmpty()) {
            throw new BadInputException(arguments.faults().toString());
        }
        return model;
    }

    /// Grids of position embeddings, a prefix token kept, and the gradient of `sum(w * out)`.
    static void resampling(GoldenCase golden, Executor executor, Comparison results) {
        var grids = golden.tensors(Role.INPUT).stream()
                .map(GoldenTensor::name)
                .filter(n -> n.startsWith(POSITIONS))
                .toList();
        var cases = golden.params().objects("cases");
        for (var i = 0; i < Math.min(grids.size(), cases.size()); i++) {
            var name = grids.get(i).substring(POSITIONS.length());
            var from = cases.get(i).pair("old");
            var to = cases.get(i).pair("new");
            var g = new CaseGraph(golden, "resampling");
            var w = g.input("w_" + name);
            var prefix = golden.tensor(grids.get(i)).shape().get(1) > (long) from.get(0) * from.get(1);
            var out = grid(from, w.dim(2), prefix).positions(g.scope(Mode.EVALUATE), to.get(0), to.get(1));
            var stored = g.declarations().parameters().getFirst();
            g.output("out_" + name, out);
            var loss = out.mul(w).sum(false, 0, 1, 2);
            g.output(
                    "grad_" + name,
                    Autodiff.gradients(loss, List.of(stored.value())).getFirst());
            g.feed(stored.name(), grids.get(i));
            results.expectAll(g.run(executor));
        }
    }

    /// A model for one pixel a patch, of which only the positions are used.
    private static VisionTransformer grid(List<Integer> size, long width, boolean classToken) {
        var arguments = BackboneSpec.named("")
                .with(BackboneSpec.IMG_SIZE, new Setting.Listing(List.of(whole(size.get(0)), whole(size.get(1)))))
                .with(BackboneSpec.PATCH_SIZE, 1)
                .with("embed_dim", width)
                .with("num_heads", 1)
                .with("class_token", classToken)
                .with("global_pool", classToken ? "token" : "avg")
                .arguments();
        return VisionTransformer.standard().with(new Arguments(arguments));
    }

    private static Setting whole(int number) {
        return new Setting.Whole(number);
    }
}
