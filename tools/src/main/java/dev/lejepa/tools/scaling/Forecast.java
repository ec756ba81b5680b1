package dev.lejepa.tools.scaling;

import dev.lejepa.graphs.cost.Roofline;
import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.graphs.programs.StageInput;
import dev.lejepa.graphs.programs.StageOutput;
import dev.lejepa.tools.run.StageRuns;
import dev.lejepa.tools.run.StepPlan;
import dev.lejepa.tools.scaling.Overlap.Bucket;
import java.util.List;
import java.util.function.Predicate;

/// What a step would take on many devices, in seconds.
///
/// @param batch images of the whole step
/// @param plan of the step on each device
/// @param backbone computing embeddings, and gradients from their cotangent, of a process's images; all that is computed
///     where the step is not cut
/// @param objective computing the loss of the whole batch, which every process does
/// @param optimizer updating parameters, which every process does
/// @param gathering putting embeddings of all processes together, while nothing is computed
/// @param summing gradients over processes, whatever is computed meanwhile
/// @param waiting for these sums when all else is done
public record Forecast(
        int batch,
        StepPlan plan,
        double backbone,
        double objective,
        double optimizer,
        double gathering,
        double summing,
        double waiting) {
    /// @param batch that the plan is for
    public static Forecast of(StepPlan plan, int batch, Cluster cluster) {
        var collectives = new Collectives(cluster, plan.parts().ranks());
        return new Stages(plan.bundle(), cluster, collectives).forecast(plan, batch);
    }

    /// All of it.
    public double step() {
        return computing() + gathering + waiting;
    }

    /// What processes compute.
    public double computing() {
        return backbone + objective + optimizer;
    }

    /// What a process waits for others.
    public double communicating() {
        return gathering + waiting;
    }

    /// Floating-point operations of a device in a second.
    public double flopsPerSecond() {
        return plan.estimate().flopsPerStep() / step();
    }

    /// Seconds of an epoch, whose last incomplete batch is dropped.
    ///
    /// @param images of the data set
    public double epoch(long images) {
        return images / batch * step();
    }

    /// Of the stages of a bundle.
    private record Stages(Bundle bundle, Cluster cluster, Collectives collectives) {
        Forecast forecast(StepPlan plan, int batch) {
            var perImages = seconds(Manifest.Stage::perMicroBatch);
            var objective = seconds(Stages::isObjective);
            var all = seconds(_ -> true);
            var buckets = buckets();
            var summing = buckets.stream().mapToDouble(Bucket::summing).sum();
            var made = buckets.stream().mapToDouble(Bucket::computing).sum();
            return new Forecast(
                    batch,
                    plan,
                    plan.parts().whole() ? all : perImages,
                    objective,
                    plan.parts().whole() ? 0 : all - perImages - objective,
                    collectives.allGather(gatheredBytes()),
                    summing,
                    cluster.overlapping() ? Overlap.seconds(buckets) - made : summing);
        }

        private double seconds(Predicate<Manifest.Stage> which) {
            var manifest = bundle.manifest();
            return manifest.stages().stream()
                    .filter(which)
                    .mapToDouble(s -> StageRuns.of(manifest, s) * seconds(s))
                    .sum();
        }

        private double seconds(Manifest.Stage stage) {
            return Roofline.seconds(bundle.graph(stage.graph()), cluster.device());
        }

        /// The stage in between, which reads embeddings of all images.
        private static boolean isObjective(Manifest.Stage stage) {
            return !stage.perMicroBatch() && stage.inputs().stream().anyMatch(StageInput.Handed.class::isInstance);
        }

        private double gatheredBytes() {
            return bundle.manifest().stages().stream()
                    .filter(Stages::isObjective)
                    .flatMap(s -> s.inputs().stream())
                    .filter(StageInput.Handed.class::isInstance)
                    .mapToDouble(i -> bytes(i.dtype(), i.shape()))
                    .sum();
        }

        /// What the stages that make gradients of the backbone give, of the last micro-batch.
        private List<Bucket> buckets() {
            return bundle.manifest().stages().stream()
                    .filter(Manifest.Stage::perMicroBatch)
                    .filter(s -> gradientBytes(s) > 0)
                    .map(s -> new Bucket(seconds(s), collectives.allReduce(gradientBytes(s))))
                    .toList();
        }

        private double gradientBytes(Manifest.Stage stage) {
            return stage.outputs().stream()
                    .filter(o -> o instanceof StageOutput.State state && isGradient(state.state()))
                    .mapToDouble(o -> bytes(o.dtype(), o.shape()))
                    .sum();
        }

        private boolean isGradient(String state) {
            return bundle.manifest()
                    .state(state)
                    .filter(s -> s.role() == Manifest.Role.GRADIENT)
                    .isPresent();
        }

        private static double bytes(String dtype, List<Long> shape) {
            return shape.stream()
                    .mapToDouble(Long::doubleValue)
                    .reduce(DType.of(dtype).bytes(), (x, y) -> x * y);
        }
    }
}
