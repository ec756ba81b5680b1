package dev.lejepa.tools.roofline;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.onnx.OnnxFiles;
import dev.lejepa.graphs.onnx.Target;
import dev.lejepa.graphs.onnx.proto.ModelProto;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.EvaluateGraph;
import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.runtime.engine.BundleFolder;
import dev.lejepa.tools.config.RecipeFile;
import dev.lejepa.tools.run.StageRuns;
import dev.lejepa.tools.run.StepPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// The roofline of a bundle's step.
///
/// @param note where other graphs are meant than those in the bundle
public record BundleRoofline(Roofline roofline, Optional<String> note) {
    /// Where a stage's graph comes from.
    private interface Source {
        ModelProto model(Manifest.Stage stage) throws IOException;
    }

    /// Of a bundle's graphs if they can run on a CUDA device as they are: those made for one, and portable ones. Of what
    /// would be made for one from the same recipe where they are made for host cores.
    ///
    /// @throws BadInputException if the folder holds no bundle, or one for host cores that is of no recipe
    public static BundleRoofline of(Path folder, Device device) throws IOException {
        var bundle = BundleFolder.read(folder);
        var manifest = bundle.manifest();
        if (manifest.forCuda() || manifest.target().equals(Target.PORTABLE.label())) {
            var roofline = of(manifest, device, stage -> OnnxFiles.read(bundle.file(stage.graph())));
            return new BundleRoofline(roofline, Optional.empty());
        }
        if (manifest.recipe().isEmpty()) {
            throw new BadInputException(Text.format(
                    "%s: was made for host cores and is of no recipe, so nobody knows what a device would compute",
                    folder.resolve(Bundle.MANIFEST)));
        }
        var recipe = RecipeFile.parse(Text.format("%s: recipe", folder.resolve(Bundle.MANIFEST)), manifest.recipe());
        var made = StepPlan.of(recipe, classes(manifest), Target.CUDA).bundle();
        var note = Text.format(
                "%s was made for host cores; these are the graphs that its recipe has on a CUDA device", folder);
        return new BundleRoofline(of(made, device), Optional.of(note));
    }

    /// Of a bundle that was not written, made for a CUDA device.
    public static Roofline of(Bundle bundle, Device device) throws IOException {
        return of(
                bundle.manifest(),
                device,
                stage -> Objects.requireNonNull(bundle.files().get(stage.graph()), stage.graph())
                        .lowered()
                        .proto());
    }

    private static Roofline of(Manifest manifest, Device device, Source source) throws IOException {
        var stages = new ArrayList<StageCosts>();
        for (var stage : manifest.stages()) {
            var formulas = stage.graph().equals(Bundle.OPTIMIZER) ? OperatorClass.OPTIMIZER : OperatorClass.ROWS;
            var runs = StageRuns.of(manifest, stage);
            stages.add(StageCosts.of(stage.graph(), source.model(stage), runs, formulas, device.architecture()));
        }
        return Roofline.of(device, stages);
    }

    /// What the probe tells apart, 0 for no probe.
    private static int classes(Manifest manifest) {
        return Stream.ofNullable(manifest.evaluate())
                .flatMap(e -> e.outputs().stream())
                .filter(out -> out.name().equals(EvaluateGraph.LOGITS))
                .mapToInt(out -> Math.toIntExact(out.shape().getLast()))
                .findFirst()
                .orElse(0);
    }
}
