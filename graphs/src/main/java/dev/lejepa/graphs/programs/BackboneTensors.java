package dev.lejepa.graphs.programs;

import dev.lejepa.graphs.ir.Graph;
import dev.lejepa.graphs.ir.Type;
import dev.lejepa.graphs.nn.Declarations;
import dev.lejepa.graphs.nn.Mode;
import dev.lejepa.graphs.nn.Scope;
import dev.lejepa.graphs.pretrained.ModelShapes;
import dev.lejepa.graphs.recipe.BackboneSpec;
import dev.lejepa.graphs.safetensors.TensorInfo;
import java.util.LinkedHashMap;
import java.util.List;

/// The parameters and buffers of a backbone, those of its head among them: what timm calls its state dict.
///
/// @param all in the order in which the layers asked for them, parameters first
public record BackboneTensors(List<Bundle.Initial> all) {
    /// BatchNorm needs two images.
    private static final int IMAGES = 2;

    public BackboneTensors {
        all = List.copyOf(all);
    }

    /// Those of a model that nobody trains yet.
    ///
    /// @throws dev.lejepa.graphs.BadInputException if it cannot be built
    public static BackboneTensors of(BackboneSpec spec) {
        var backbone = ModelFactory.backbone(spec);
        var graph = new Graph("tensors");
        var declared = new Declarations(graph);
        var images =
                graph.input(EvaluateGraph.IMAGES, Type.f32(IMAGES, 3, backbone.imageHeight(), backbone.imageWidth()));
        backbone.forward(Scope.root(declared, Mode.TRAIN), images);
        return new BackboneTensors(Bundle.Initial.all(Declared.of(declared)));
    }

    /// Those of a bundle: all that is neither the projector's nor the probe's.
    public static BackboneTensors of(Bundle bundle) {
        return new BackboneTensors(
                bundle.initial().stream().filter(t -> isBackbone(t.name())).toList());
    }

    /// Whether a state of a bundle belongs to its backbone.
    public static boolean isBackbone(String state) {
        return !state.startsWith(StepModel.PROJECTOR + ".") && !state.startsWith(StepModel.PROBE + ".");
    }

    /// What a file of weights must have.
    ///
    /// @param spec that these are the tensors of
    public ModelShapes shapes(BackboneSpec spec) {
        var backbone = ModelFactory.backbone(spec);
        var shapes = new LinkedHashMap<String, List<Long>>();
        all.forEach(t -> shapes.put(t.name(), StageDescriptions.dims(t.type().shape())));
        return ModelShapes.of(spec.name(), shapes, backbone.imageHeight(), backbone.imageWidth());
    }

    /// How the tensor stands in a file.
    public static TensorInfo info(Bundle.Initial tensor) {
        return new TensorInfo(
                tensor.name(),
                InitialValues.elementType(tensor),
                StageDescriptions.dims(tensor.type().shape()));
    }
}
