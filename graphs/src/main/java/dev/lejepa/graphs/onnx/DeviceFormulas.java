package dev.lejepa.graphs.onnx;

import dev.lejepa.graphs.onnx.proto.FunctionProto;
import dev.lejepa.graphs.onnx.proto.ModelProto;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;

/// What a graph for a device holds as functions, for an engine to compile.
///
/// @param convolves whether it has convolutions of ours, which need cuDNN
public record DeviceFormulas(
        List<RowFormula> rows, List<ProductFormula> products, List<UpdateFormula> updates, boolean convolves) {
    /// Those of a model's file.
    ///
    /// @param origin names the model in messages
    /// @throws dev.lejepa.graphs.BadInputException if it is no ONNX file, or a function in it is damaged
    /// @throws IOException if it cannot be read
    public static DeviceFormulas in(String origin, InputStream model) throws IOException {
        return of(origin, FunctionReader.all(origin, model));
    }

    /// Those of a model that was read.
    ///
    /// @param origin names the model in messages
    /// @throws dev.lejepa.graphs.BadInputException if a function in it is damaged
    public static DeviceFormulas in(String origin, ModelProto model) {
        return of(origin, model.getFunctionsList());
    }

    private static DeviceFormulas of(String origin, List<FunctionProto> all) {
        var rows = FunctionReader.in(origin, all, RowFormulas.NAME, RowFormula::read);
        return new DeviceFormulas(
                rows,
                FunctionReader.in(origin, all, ProductFormula.NAME, f -> ProductFormula.read(f, rows)),
                FunctionReader.in(origin, all, UpdateFormula.NAME, UpdateFormula::read),
                all.stream().anyMatch(f -> isConvolution(f.getName())));
    }

    private static boolean isConvolution(String function) {
        return Stream.of(OwnOperator.CONV, OwnOperator.CONV_DATA_GRAD, OwnOperator.CONV_WEIGHTS_GRAD)
                .flatMap(operator -> operator.onCuda().stream().map(operator::name))
                .anyMatch(function::equals);
    }
}
