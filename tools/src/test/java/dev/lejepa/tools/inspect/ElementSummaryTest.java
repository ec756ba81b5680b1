package dev.lejepa.tools.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lejepa.graphs.onnx.proto.GraphProto;
import dev.lejepa.graphs.onnx.proto.NodeProto;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ElementSummaryTest {
    @Test
    void nodesOfADamagedFileMayHaveNeitherInputsNorOutputs() {
        var graph = GraphProto.newBuilder()
                .addNode(NodeProto.newBuilder().setOpType("Cast"))
                .addNode(NodeProto.newBuilder().setOpType("Reshape"))
                .build();
        assertEquals(
                Map.of("unknown", Map.of("Cast", 1L, "Reshape", 1L)),
                ElementSummary.of(graph).operators());
    }
}
