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
import java.util.ArrayList;
import java.util.List;

/// Reads functions of ours out of a model. Everything else in it is skipped.
final class FunctionReader {
    private FunctionReader() {}

    /// @param origin names the model in messages
    /// @param prefix what the functions' names begin with
    /// @throws BadInputException if it is no ONNX file
    /// @throws IOException if it cannot be read
    static List<FunctionProto> in(String origin, InputStream model, String prefix) throws IOException {
        try {
            return all(CodedInputStream.newInstance(model)).stream()
                    .filter(f -> f.getDomain().equals(GraphWriter.LEJEPA)
                            && f.getName().startsWith(prefix))
                    .toList();
        } catch (InvalidProtocolBufferException e) {
            throw new BadInputException(Text.format("%s is no ONNX file", origin), e);
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
