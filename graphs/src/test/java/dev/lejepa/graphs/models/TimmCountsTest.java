package dev.lejepa.graphs.models;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Mode;
import dev.lejepa.graphs.nn.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Every named model beside what timm says of it (`tools/interop/timm_names.py --counts`): parameters, tensors with
/// buffers, width of the features, image size.
class TimmCountsTest {
    @Test
    void everyModelHasTheCountsOfTimm() {
        var expected = lines("counts.txt");
        var found = Registry.names().stream().map(TimmCountsTest::counts).toList();
        assertEquals(without(expected, found), without(found, expected));
    }

    /// Those of `lines` that are not in `others`: what a message should show.
    private static List<String> without(List<String> lines, List<String> others) {
        var known = Set.copyOf(others);
        return lines.stream().filter(line -> !known.contains(line)).toList();
    }

    private static String counts(String name) {
        var model = Registry.find(name).orElseThrow();
        var graph = new Graph("counts");
        var declared = new Declarations(graph);
        var images = graph.input("images", Type.f32(2, 3, model.imageHeight(), model.imageWidth()));
        model.forward(Scope.root(declared, Mode.TRAIN), images); // training alone counts batches
        var parameters = declared.parameters().stream()
                .mapToLong(p -> p.value().shape().size())
                .sum();
        var tensors = declared.parameters().size() + declared.buffers().size();
        return Text.format("%s %d %d %d %d", name, parameters, tensors, model.width(), model.imageHeight());
    }

    /// The lines of a file beside this class.
    static List<String> lines(String file) {
        try (var in = Objects.requireNonNull(TimmCountsTest.class.getResourceAsStream(file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
