package dev.lejepa.tools.models;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.models.Registry;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Mode;
import dev.lejepa.graphs.nn.Scope;
import java.util.List;
import java.util.stream.Stream;

/// A model's parameters and then its buffers, by timm's names.
public record ModelTensors(List<Tensor> all) {
    /// A parameter or buffer.
    public record Tensor(String name, Shape shape, String role) {}

    /// @param name a known one
    public static ModelTensors of(String name) {
        var model = Registry.find(name).orElseThrow();
        var graph = new Graph("model");
        var declared = new Declarations(graph);
        var images = graph.input("images", Type.f32(2, 3, model.imageHeight(), model.imageWidth()));
        model.forward(Scope.root(declared, Mode.TRAIN), images); // evaluation has no counters of batches
        var parameters = declared.parameters().stream()
                .map(p -> new Tensor(p.name(), p.value().shape(), "parameter"));
        var buffers = declared.buffers().stream()
                .map(b -> new Tensor(b.name(), b.value().shape(), "buffer"));
        return new ModelTensors(Stream.concat(parameters, buffers).toList());
    }

    public List<String> lines() {
        return all.stream()
                .map(t -> Text.format("    %s %s %s", t.role(), t.name(), t.shape()))
                .toList();
    }

    public ArrayNode json() {
        var list = JsonNodeFactory.instance.arrayNode();
        for (var tensor : all) {
            var json = list.addObject().put("name", tensor.name()).put("role", tensor.role());
            var shape = json.putArray("shape");
            for (var dim : tensor.shape().dims()) {
                shape.add(dim);
            }
        }
        return list;
    }
}
