package dev.lejepa.graphs.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.onnx.proto.FunctionProto;
import dev.lejepa.graphs.onnx.proto.ModelProto;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Reads functions of ours out of a model. Everything else in it is skipped.
final class FunctionReader {
    private FunctionReader() {}

    /// The functions of a model's file.
    ///
    /// @param origin names the model in messages
    /// @throws BadInputException if it is no ONNX file
    /// @throws IOException if it cannot be read
    static List<FunctionProto> all(String origin, InputStream model) throws IOException {
        try {
            return all(CodedInputStream.newInstance(model));
        } catch (InvalidProtocolBufferException e) {
            throw new BadInputException(Text.format("%s is no ONNX file", origin), e);
        }
    }

    /// Those of some functions whose names begin so.
    ///
    /// @param read makes a formula of one; it throws what comes of reading a damaged one
    /// @throws BadInputException if one of them is damaged
    static <F> List<F> in(String origin, List<FunctionProto> all, String prefix, Function<FunctionProto, F> read) {
        return all.stream()
                .filter(f ->
                        f.getDomain().equals(GraphWriter.LEJEPA) && f.getName().startsWith(prefix))
                .map(f -> formula(origin, f, read))
                .toList();
    }

    private static <F> F formula(String origin, FunctionProto function, Function<FunctionProto, F> read) {
        try {
            return read.apply(function);
        } catch (IllegalArgumentException | IndexOutOfBoundsException | BufferUnderflowException e) {
            throw new BadInputException(
                    Text.format("%s: function %s is damaged: %s", origin, function.getName(), e.getMessage()), e);
        }
    }

    private static List<FunctionProto> all(CodedInputStream model) throws IOException {
        model.setSizeLimit(Integer.MAX_VALUE);
        var found = new ArrayList<FunctionProto>();
        for (var tag = model.readTag(); tag != 0; tag = model.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == ModelProto.FUNCTIONS_FIELD_NUMBER) {
                var function = FunctionProto.newBuilder();
                model.readMessage(function, ExtensionRegistryLite.getEmptyRegistry());
                found.add(function.build());
            } else {
                model.skipField(tag);
            }
        }
        return found;
    }
}
