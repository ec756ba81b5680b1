package dev.lejepa.graphs.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.graphs.ir.Graph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Lowered graphs node by node, so that a change of the table shows. `-Dgolden=update` writes the files anew.
final class GoldenTextTest {
    private static final Path SOURCES = Path.of("src/test/resources/dev/lejepa/graphs/onnx");

    static Stream<Arguments> graphsOfAllTargets() {
        return SampleGraphs.all().stream()
                .flatMap(g -> Stream.of(Target.values()).map(t -> Arguments.of(g, t)));
    }

    @ParameterizedTest
    @MethodSource("graphsOfAllTargets")
    void loweredGraphIsTheOneOnRecord(Graph graph, Target target) throws IOException {
        var name = graph.name() + "." + target.name().toLowerCase(Locale.ROOT) + ".txt";
        var text = OnnxText.print(Lowering.lower(graph, target, Map.of()).proto());
        if ("update".equals(System.getProperty("golden"))) {
            Files.createDirectories(SOURCES);
            Files.writeString(SOURCES.resolve(name), text);
        }
        assertEquals(Files.readString(SOURCES.resolve(name)), text);
    }
}
