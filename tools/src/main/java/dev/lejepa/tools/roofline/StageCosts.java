package dev.lejepa.tools.roofline;

import dev.lejepa.graphs.onnx.DeviceFormulas;
import dev.lejepa.graphs.onnx.proto.ModelProto;
import java.util.List;

/// What the kernels of a stage do.
///
/// @param runs how often the stage is run in a step
/// @param nodes of the graph, in order
record StageCosts(int runs, List<NodeCost> nodes) {
    /// @param origin names the model in messages
    /// @param ofFormulas what formulas of rows are counted as
    /// @param architecture of the device, for instance `sm_90`
    /// @throws dev.lejepa.graphs.BadInputException if a formula in it is damaged, a shape is not known, or an operator
    ///     of ours has no CUDA kernel
    static StageCosts of(String origin, ModelProto model, int runs, OperatorClass ofFormulas, String architecture) {
        var costs = new NodeCosts(model.getGraph(), DeviceFormulas.in(origin, model), ofFormulas, architecture);
        return new StageCosts(
                runs,
                model.getGraph().getNodeList().stream()
                        .flatMap(n -> costs.of(n).stream())
                        .toList());
    }
}
