package dev.lejepa.tools.inspect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lejepa.graphs.cost.Flops;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.models.Backbone;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Mode;
import dev.lejepa.graphs.nn.Scope;
import dev.lejepa.graphs.recipe.ImageSize;
import java.util.List;
import java.util.stream.Stream;

/// What a named model is, from the graph of its forward pass in evaluation.
///
/// @param parameters how many numbers are trained, head included
/// @param flops of one image at the model's own size, head included
/// @param width of the pooled features
/// @param tensors parameters and then buffers
public record ModelSummary(
        String name, String family, long parameters, long flops, long width, ImageSize image, List<Tensor> tensors) {

    /// A parameter or buffer.
    public record Tensor(String name, Shape shape, boolean trained) {
        private static Tensor of(String name, Value value, boolean trained) {
            return new Tensor(name, value.shape(), trained);
        }

        private ObjectNode json() {
            var shape = JsonNodeFactory.instance.arrayNode();
            for (var dim : this.shape.dims()) {
                shape.add(dim);
            }
            var json = JsonNodeFactory.instance.objectNode().put("name", name);
            json.set("shape", shape);
            return json.put("role", trained ? "parameter" : "buffer");
        }
    }

    public static ModelSummary of(String name, Backbone model) {
        var graph = new Graph("model");
        var declared = new Declarations(graph);
        var image = new ImageSize(model.imageHeight(), model.imageWidth());
        var images = graph.input("images", Type.f32(Shape.batched(1, 3, image.height(), image.width())));
        graph.output("out", model.forward(Scope.root(declared, Mode.EVALUATE), images));
        var trained = declared.parameters().stream().map(p -> Tensor.of(p.name(), p.value(), true));
        var updated = declared.buffers().stream().map(b -> Tensor.of(b.name(), b.value(), false));
        var tensors = Stream.concat(trained, updated).toList();
        var parameters = tensors.stream()
                .filter(Tensor::trained)
                .mapToLong(t -> t.shape().size())
                .sum();
        return new ModelSummary(name, model.family(), parameters, Flops.of(graph), model.width(), image, tensors);
    }

    /// @param withTensors whether parameters and buffers are listed too
    public ObjectNode json(boolean withTensors) {
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
        if (withTensors) {
            ArrayNode list = json.putArray("tensors");
            tensors.forEach(t -> list.add(t.json()));
        }
        return json;
    }
}
