package dev.lejepa.graphs.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.lejepa.graphs.AtomicFile;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.InputFile;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.onnx.proto.ModelProto;
import dev.lejepa.graphs.onnx.proto.TensorProto;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;

/// ONNX files on disk. Writing the same model twice gives the same bytes.
///
/// A message of Protobuf ends at 2 GB, so the initializers of larger models lie beside them in `NAME.onnx.data`.
public final class OnnxFiles {
    /// Two gigabytes less what the nodes of a large model take.
    private static final long INLINE_LIMIT = (1L << 31) - (64L << 20);

    /// Smaller initializers stay in the model: readers look at shapes and the like before they open other files.
    private static final int SMALL = 1024;

    /// Offsets are multiples of a page, so that readers can map tensors.
    private static final int PAGE = 4096;

    private OnnxFiles() {}

    /// Writes a model through a temporary file beside `path`.
    public static void write(OnnxModel model, Path path) throws IOException {
        write(model, path, INLINE_LIMIT);
    }

    /// @param inlineLimit bytes of initializers up to which they are part of the model's own file
    static void write(OnnxModel model, Path path, long inlineLimit) throws IOException {
        var initializers = model.proto().getGraph().getInitializerList();
        var bytes = initializers.stream().mapToLong(t -> t.getRawData().size()).sum();
        var proto = bytes <= inlineLimit ? model.proto() : writeData(model.proto(), dataFile(path));
        writeFile(path, out -> proto.writeTo(out));
    }

    /// Reads any ONNX file; external data stay where they are.
    ///
    /// @throws BadInputException if there is no such file or it is no complete ONNX model
    public static ModelProto read(Path path) throws IOException {
        InputFile.require(path);
        try (var in = Files.newInputStream(path)) {
            var coded = CodedInputStream.newInstance(in);
            coded.setSizeLimit(Integer.MAX_VALUE);
            var model = ModelProto.parseFrom(coded);
            if (!model.hasIrVersion() || !model.hasGraph() || model.getOpsetImportCount() == 0) {
                throw new BadInputException(
                        Text.format("%s: not an ONNX model: it has no graph, IR version or opset", path));
            }
            return model;
        } catch (InvalidProtocolBufferException e) {
            throw new BadInputException(
                    Text.format("%s: not an ONNX model, or cut off (%d bytes)", path, Files.size(path)), e);
        }
    }

    private static Path dataFile(Path path) {
        return PathText.withSuffix(path, ".data");
    }

    /// Writes the initializers to `data`.
    ///
    /// @return the model with references in their place
    private static ModelProto writeData(ModelProto model, Path data) throws IOException {
        var graph = model.getGraph().toBuilder().clearInitializer();
        writeFile(data, out -> {
            var end = 0L;
            for (var t : model.getGraph().getInitializerList()) {
                if (t.getRawData().size() < SMALL) {
                    graph.addInitializer(t);
                    continue;
                }
                var padding = Math.floorMod(-end, PAGE);
                out.write(new byte[padding]);
                t.getRawData().writeTo(out);
                graph.addInitializer(reference(t, PathText.text(data.getFileName()), end + padding));
                end += padding + t.getRawData().size();
            }
        });
        return model.toBuilder().setGraph(graph).build();
    }

    private static TensorProto reference(TensorProto t, String file, long offset) {
        return t.toBuilder()
                .clearRawData()
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(Protos.entry("location", file))
                .addExternalData(Protos.entry("offset", Long.toString(offset)))
                .addExternalData(
                        Protos.entry("length", Integer.toString(t.getRawData().size())))
                .build();
    }

    private static void writeFile(Path path, Content content) throws IOException {
        AtomicFile.write(path, channel -> {
            var out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
            content.writeTo(out);
            out.flush();
        });
    }

    private interface Content {
        void writeTo(OutputStream out) throws IOException;
    }
}
