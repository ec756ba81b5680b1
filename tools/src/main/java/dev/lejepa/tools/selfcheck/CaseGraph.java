package dev.lejepa.tools.selfcheck;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.autodiff.Autodiff;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.ImageLayout;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.ir.Value;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Init;
import dev.lejepa.graphs.nn.Mode;
import dev.lejepa.graphs.nn.Scope;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// A graph whose inputs are tensors of a case: chosen ones under their own names, parameters as `param/NAME`.
final class CaseGraph {
    private final GoldenCase golden;
    private final Graph graph;
    private final Declarations declarations;
    private final Map<String, NdArray> fed = new HashMap<>();

    CaseGraph(GoldenCase golden, String name) {
        this.golden = golden;
        this.graph = new Graph(name);
        this.declarations = new Declarations(graph);
    }

    Graph graph() {
        return graph;
    }

    Scope scope(Mode mode) {
        return Scope.root(declarations, mode);
    }

    Scope scope(Mode mode, ImageLayout layout) {
        return Scope.root(declarations, mode, layout);
    }

    Declarations declarations() {
        return declarations;
    }

    /// An input for a tensor of the case, which will be fed to it.
    Value input(String tensor) {
        var info = golden.tensor(tensor);
        var type = new Type(info.isInteger() ? DType.INT64 : DType.FLOAT32, GoldenCase.shape(info));
        fed.put(tensor, golden.array(tensor));
        return graph.input(tensor, type);
    }

    void output(String name, Value value) {
        graph.output(name, value);
    }

    /// Outputs `grad/NAME` for all parameters, and more for these.
    ///
    /// @param wrt output name to value
    void gradients(Value loss, SequencedMap<String, Value> wrt) {
        var all = new LinkedHashMap<>(wrt);
        declarations.parameters().forEach(p -> all.put("grad/" + p.name(), p.value()));
        var results = Autodiff.gradients(loss, all.values().stream().toList()).iterator();
        all.sequencedKeySet().forEach(name -> graph.output(name, results.next()));
    }

    /// Feeds an input with a tensor of another name.
    void feed(String input, String tensor) {
        fed.put(input, golden.array(tensor));
    }

    /// What the graph is fed with: chosen tensors, parameters, and buffers as they start.
    Map<String, NdArray> feeds() {
        var all = new HashMap<>(fed);
        declarations.parameters().forEach(p -> all.computeIfAbsent(p.name(), n -> golden.array("param/" + n)));
        declarations.buffers().forEach(b -> all.put(b.name(), start(b)));
        return all;
    }

    /// The value that a buffer starts with.
    static NdArray start(Declarations.Buffer buffer) {
        return switch (buffer.init()) {
            case Init.Constant(var value) -> {
                var array = NdArray.zeros(buffer.value().shape());
                Arrays.fill(array.data(), value);
                yield array;
            }
            case Init.Normal _, Init.TruncatedNormal _, Init.Uniform _, Init.Halves _ ->
                throw new IllegalStateException(Text.format("buffer '%s' starts at random", buffer.name()));
        };
    }

    Map<String, NdArray> run(Executor executor) {
        return executor.run(graph, feeds());
    }
}
