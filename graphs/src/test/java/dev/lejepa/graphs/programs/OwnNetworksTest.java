package dev.lejepa.graphs.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Distribution;
import dev.lejepa.graphs.nn.Linear;
import dev.lejepa.graphs.nn.Mode;
import dev.lejepa.graphs.nn.Scope;
import dev.lejepa.graphs.onnx.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnNetworksTest {
    @TempDir
    Path folder;

    /// A linear layer over noisy inputs, whose names a recipe would know what to do with.
    private static TrainGraph network() {
        var graph = new Graph("train");
        var declared = new Declarations(graph);
        var s = Scope.root(declared, Mode.TRAIN);
        var x = graph.input("images", Type.f32(4, 3)).add(s.draw("noise", new Distribution.Normal(0, 1), 4, 3));
        var error = new Linear(
                        3,
                        1,
                        false,
                        Linear.torch(3, 1).init(),
                        Linear.torch(3, 1).biasInit())
                .forward(s.at("layer"), x)
                .sub(graph.input("labels", Type.f32(4, 1)));
        var loss = error.square().mean().mul(graph.input("lr.other", Type.f32()));
        graph.output("loss", loss);
        return TrainGraph.differentiate(declared, loss);
    }

    private static List<TrainedGroup> groups(TrainGraph train) {
        return List.of(TrainedGroup.adamW("all", train.declarations().parameters(), 0.01, 0.1));
    }

    @Test
    void whatNoGroupStateOrDrawExplainsIsData() {
        var train = network();
        var bundle = BundleBuilder.build(train, groups(train), Optional.empty(), Optional.empty(), Target.ORT, 0);
        var sources = new TreeMap<String, String>();
        bundle.manifest().stages().forEach(s -> s.inputs().forEach(i -> sources.put(i.name(), i.word())));
        assertEquals(
                new TreeMap<>(Map.of(
                        "images", "data",
                        "labels", "data",
                        "lr.other", "data",
                        "draw/noise", "draw",
                        "lr.all", "scalar",
                        "step", "state",
                        "layer.weight", "state",
                        "grad/layer.weight", "state",
                        "moment1/layer.weight", "state",
                        "moment2/layer.weight", "state")),
                sources);
    }

    @Test
    void groupsStandInTheManifestWithARateThatStays() {
        var train = network();
        var bundle = BundleBuilder.build(train, groups(train), Optional.empty(), Optional.empty(), Target.ORT, 0);
        var rate = new Manifest.Rate(0.01, 0, 1, 1, 1);
        assertEquals(
                List.of(new Manifest.Group("all", 0.1, List.of(0.9, 0.999), 1e-8, rate)),
                bundle.manifest().groups());
        assertEquals(
                "all", bundle.manifest().state("layer.weight").orElseThrow().group());
    }

    @Test
    void aBundleWithoutEvaluationIsWrittenWithoutAWordOfIt() throws IOException {
        var train = network();
        BundleWriter.write(
                BundleBuilder.build(train, groups(train), Optional.empty(), Optional.empty(), Target.PORTABLE, 0),
                folder);
        assertFalse(Files.readString(folder.resolve(Bundle.MANIFEST)).contains("evaluate"));
        assertFalse(Files.exists(folder.resolve(Bundle.EVALUATE)));
    }

    @Test
    void parametersThatAreNotInOneGroupAreNamed() {
        var train = network();
        assertFault(
                "each parameter is in one group: [layer.weight] in none, [] in several or of another graph",
                train,
                List.of(),
                Optional.empty());
        var twice = List.of(groups(train).getFirst(), groups(train).getFirst());
        assertFault(
                "each parameter is in one group: [] in none, [layer.weight] in several or of another graph",
                train,
                twice,
                Optional.empty());
    }

    @Test
    void evaluationWithAParameterOfItsOwnIsRefused() {
        var train = network();
        var graph = new Graph("evaluate");
        var declared = new Declarations(graph);
        var x = graph.input("x", Type.f32(2, 3));
        graph.output(
                "y",
                Linear.torch(3, 1).forward(Scope.root(declared, Mode.EVALUATE).at("layer"), x));
        assertFault(
                "the graph of evaluation reads layer.bias float32[1], training has [layer.weight]",
                train,
                groups(train),
                Optional.of(new EvaluateGraph.Built(graph, declared)));
    }

    private static void assertFault(
            String message, TrainGraph train, List<TrainedGroup> groups, Optional<EvaluateGraph.Built> evaluate) {
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> BundleBuilder.build(train, groups, evaluate, Optional.empty(), Target.ORT, 0));
        assertEquals(message, e.getMessage());
    }
}
