package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.nn.Init;
import dev.lejepa.graphs.onnx.Lowering;
import dev.lejepa.graphs.onnx.OnnxModel;
import dev.lejepa.graphs.onnx.Target;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// A bundle before it is written: the manifest, the graphs by file name, and how its states start.
///
/// @param seed of the initial values
/// @param initial parameters and buffers; every other state starts as zeros
public record Bundle(Manifest manifest, SequencedMap<String, GraphFile> files, long seed, List<Initial> initial) {
    public static final String MANIFEST = "manifest.json";
    public static final String INIT = "init.safetensors";
    public static final String TRAIN = "train.onnx";
    public static final String OPTIMIZER = "optimizer.onnx";
    public static final String EVALUATE = "evaluate.onnx";
    public static final String ENCODER = "encoder.onnx";
    public static final String HELD_OUT = "held-out.onnx";
    public static final String AUGMENT = "augment.onnx";

    /// What a file holds.
    ///
    /// @param target that the graph is lowered for
    /// @param metadata for whoever holds the file alone
    public record GraphFile(Graph graph, Target target, Map<String, String> metadata) {
        public OnnxModel lowered() {
            return Lowering.lower(graph, target, metadata);
        }
    }

    /// How a state starts.
    public record Initial(String name, Type type, Init init) {
        /// All that layers asked for: parameters, then buffers.
        static List<Initial> all(Declared declared) {
            return Stream.concat(
                            declared.parameters().stream()
                                    .map(p -> new Initial(p.name(), p.value().type(), p.init())),
                            declared.buffers().stream()
                                    .map(b -> new Initial(b.name(), b.value().type(), b.init())))
                    .toList();
        }
    }

    /// The graph in this file.
    public Graph graph(String file) {
        var found = files.get(file);
        if (found == null) {
            throw new IllegalArgumentException(
                    Text.format("the bundle has no graph '%s', only %s", file, files.keySet()));
        }
        return found.graph();
    }

    /// The number of trainable numbers.
    public long parameters() {
        return manifest.states().stream()
                .filter(s -> s.role() == Manifest.Role.PARAMETER)
                .mapToLong(s -> s.shape().stream().reduce(1L, Math::multiplyExact))
                .sum();
    }
}
