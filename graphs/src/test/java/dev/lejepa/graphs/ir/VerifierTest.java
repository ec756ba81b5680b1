package dev.lejepa.graphs.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;

class VerifierTest {
    private final Graph graph = new Graph("update");
    private final Value w = graph.input("w", Type.f32(3));
    private final Value g = graph.input("g", Type.f32(3));

    @Test
    void graphsThatTheBuilderMakesHold() {
        graph.output("y", w.add(g).exp());
        assertEquals(graph, Verifier.verify(graph));
    }

    @Test
    void stateMayBeReadByAncestorsOfItsWriter() {
        var norm = w.square().sum(true, 0);
        graph.output("new", w.sub(g.mul(norm)));
        Verifier.verifyInPlace(graph, Map.of("w", "new"));
    }

    @Test
    void stateMustNotBeReadBesideItsWriter() {
        graph.output("new", w.sub(g));
        graph.at("loss", "", () -> {
            graph.output("norm", w.square());
            return w;
        });
        var e = assertThrows(IllegalStateException.class, () -> Verifier.verifyInPlace(graph, Map.of("w", "new")));
        assertEquals("graph 'update', node %3 Mul[] in loss: may read 'w' after it was overwritten", e.getMessage());
    }

    @Test
    void unknownStatesAreNamed() {
        var e = assertThrows(IllegalStateException.class, () -> Verifier.verifyInPlace(graph, Map.of("w", "missing")));
        assertEquals("graph 'update' has no input 'w' or no output 'missing'", e.getMessage());
    }
}
