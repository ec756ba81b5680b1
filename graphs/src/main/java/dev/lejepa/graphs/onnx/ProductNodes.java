package dev.lejepa.graphs.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.onnx.proto.GraphProto;
import dev.lejepa.graphs.onnx.proto.ModelProto;
import dev.lejepa.graphs.onnx.proto.NodeProto;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Nodes of a graph that are the same product with its formula, of the same shapes.
///
/// @param product name of the operator, that of a [ProductFormula]
/// @param operands their types, in the operator's order
/// @param results their types, in the operator's order
/// @param count how many nodes these are
/// @param model an ONNX file of one such node alone, with inputs `x0`, `x1`, ... and outputs `y0`, `y1`, ...
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ProductNodes(String product, List<Type> operands, List<Type> results, int count, byte[] model) {
    private record Kind(String product, List<Type> operands, List<Type> results) {}

    /// All such nodes of a graph whose batch is fixed, in the order of the file.
    ///
    /// @param origin names the model in messages
    /// @throws BadInputException if it is no ONNX file, or does not say what a node reads
    /// @throws IOException if it cannot be read
    public static List<ProductNodes> in(String origin, InputStream model) throws IOException {
        try {
            var coded = CodedInputStream.newInstance(model);
            coded.setSizeLimit(Integer.MAX_VALUE);
            return of(ModelProto.parseFrom(coded));
        } catch (InvalidProtocolBufferException e) {
            throw new BadInputException(Text.format("%s is no ONNX file", origin), e);
        }
    }

    private static List<ProductNodes> of(ModelProto model) {
        var types = ValueTypes.of(model.getGraph());
        var counts = new LinkedHashMap<Kind, Integer>();
        for (var n : model.getGraph().getNodeList()) {
            if (n.getDomain().equals(GraphWriter.LEJEPA) && n.getOpType().startsWith(ProductFormula.NAME)) {
                var operands = n.getInputList().stream().map(types::type).toList();
                var results = n.getOutputList().stream().map(types::type).toList();
                counts.merge(new Kind(n.getOpType(), operands, results), 1, Integer::sum);
            }
        }
        var all = new ArrayList<ProductNodes>();
        counts.forEach((kind, count) -> all.add(new ProductNodes(
                kind.product(),
                kind.operands(),
                kind.results(),
                count,
                alone(model, kind).toByteArray())));
        return all;
    }

    /// A model with the same functions.
    private static ModelProto alone(ModelProto model, Kind kind) {
        var node = NodeProto.newBuilder()
                .setName(kind.product())
                .setOpType(kind.product())
                .setDomain(GraphWriter.LEJEPA);
        var graph = GraphProto.newBuilder().setName(kind.product());
        for (var type : kind.operands()) {
            var name = "x" + node.getInputCount();
            node.addInput(name);
            graph.addInput(Protos.valueInfo(name, type));
        }
        for (var type : kind.results()) {
            var name = "y" + node.getOutputCount();
            node.addOutput(name);
            graph.addOutput(Protos.valueInfo(name, type));
        }
        return model.toBuilder().setGraph(graph.addNode(node)).build();
    }
}
