package dev.lejepa.tools.models;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lejepa.graphs.cost.Flops;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.models.Registry;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Mode;
import dev.lejepa.graphs.nn.Scope;
import dev.lejepa.graphs.recipe.ImageSize;

/// What a named model is, from the graph of its forward pass in evaluation.
///
/// @param parameters how many numbers are trained, head included
/// @param flops of one image at the model's own size, head included
/// @param width of the pooled features
public record ModelSummary(String name, String family, long parameters, long flops, long width, ImageSize image) {
    /// @param name a known one
    public static ModelSummary of(String name) {
        var model = Registry.find(name).orElseThrow();
        var graph = new Graph("model");
        var declared = new Declarations(graph);
        var image = new ImageSize(model.imageHeight(), model.imageWidth());
        var images = graph.input("images", Type.f32(Shape.batched(1, 3, image.height(), image.width())));
        graph.output("out", model.forward(Scope.root(declared, Mode.EVALUATE), images));
        var parameters = declared.parameters().stream()
                .mapToLong(p -> p.value().shape().size())
                .sum();
        return new ModelSummary(name, model.family(), parameters, Flops.of(graph), model.width(), image);
    }

    public ObjectNode json() {
        var json = JsonNodeFactory.instance
                .objectNode()
                .put("name", name)
                .put("family", family)
                .put("parameters", parameters)
                .put("flops", flops)
                .put("width", width);
        if (image.isSquare()) {
            json.put("image_size", image.height());
        } else {
            json.putArray("image_size").add(image.height()).add(image.width());
        }
        return json;
    }
}
