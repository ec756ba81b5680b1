package dev.lejepa.tools.bench;

import dev.lejepa.graphs.onnx.proto.GraphProto;
import dev.lejepa.graphs.onnx.proto.NodeProto;
import dev.lejepa.graphs.onnx.proto.TensorProto;
import dev.lejepa.graphs.onnx.proto.ValueInfoProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The table of kernels of ONNX Runtime's CUDA provider, in `cuda-kernels.txt`.
final class CudaKernels {
    private static final String RESOURCE = "cuda-kernels.txt";
    private static final String ANY = "T";
    /// Operators for which the engine writes kernels.
    private static final List<String> WRITTEN =
            List.of("dev.lejepa.Rows_", "dev.lejepa.Product_", "dev.lejepa.Updates_");

    /// @param inputs types, each a name or `T`, with `?` or `*` behind it
    private record Kernel(List<String> inputs, List<String> outputs, List<String> types) {
        boolean accepts(List<String> given, List<String> made) {
            return types.stream().anyMatch(t -> matches(inputs, given, t) && matches(outputs, made, t));
        }

        private static boolean matches(List<String> declared, List<String> found, String t) {
            var at = 0;
            for (var d : declared) {
                var name = d.replaceAll("[?*]$", "");
                var wanted = name.equals(ANY) ? t : name;
                if (d.endsWith("*")) {
                    while (at < found.size() && found.get(at).equals(wanted)) {
                        at++;
                    }
                } else if (at < found.size() && found.get(at).equals(wanted)) {
                    at++;
                } else if (!d.endsWith("?") || at < found.size()) {
                    return false;
                }
            }
            return at == found.size();
        }
    }

    private final Map<String, List<Kernel>> kernels = new HashMap<>();

    static CudaKernels read() {
        try (var in = CudaKernels.class.getResourceAsStream(RESOURCE)) {
            var table = new CudaKernels();
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(l -> !l.startsWith("#") && !l.isBlank())
                    .forEach(table::add);
            return table;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(String line) {
        var parts = line.split(": | -> | \\| ");
        var lists = Arrays.stream(parts).skip(1).map(p -> List.of(p.split(" "))).toList();
        kernels.computeIfAbsent(parts[0], _ -> new ArrayList<>())
                .add(new Kernel(lists.get(0), lists.get(1), lists.get(2)));
    }

    /// The nodes that have no kernel for their types, one line each.
    List<String> missing(GraphProto graph) {
        var types = new HashMap<String, String>();
        Stream.of(graph.getInputList(), graph.getOutputList(), graph.getValueInfoList())
                .flatMap(List::stream)
                .forEach(v -> types.put(v.getName(), type(v)));
        graph.getInitializerList().forEach(t -> types.put(t.getName(), type(t.getDataType())));
        return graph.getNodeList().stream()
                .filter(n -> !has(n, types))
                .map(n -> "%s: %s %s -> %s"
                        .formatted(n.getName(), operator(n), of(n.getInputList(), types), of(n.getOutputList(), types)))
                .toList();
    }

    private boolean has(NodeProto node, Map<String, String> types) {
        return WRITTEN.stream().anyMatch(operator(node)::startsWith)
                || kernels.getOrDefault(operator(node), List.of()).stream()
                        .anyMatch(k -> k.accepts(of(node.getInputList(), types), of(node.getOutputList(), types)));
    }

    private static String operator(NodeProto node) {
        return node.getDomain().isEmpty() ? node.getOpType() : node.getDomain() + "." + node.getOpType();
    }

    private static List<String> of(List<String> names, Map<String, String> types) {
        return names.stream().map(n -> types.getOrDefault(n, "unknown")).collect(Collectors.toList());
    }

    private static String type(ValueInfoProto v) {
        return type(v.getType().getTensorType().getElemType());
    }

    private static String type(int number) {
        return switch (TensorProto.DataType.forNumber(number)) {
            case FLOAT -> "float32";
            case BFLOAT16 -> "bfloat16";
            case INT64 -> "int64";
            case INT32 -> "int32";
            case UINT8 -> "uint8";
            case BOOL -> "bool";
            default -> "other";
        };
    }
}
