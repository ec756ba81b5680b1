package dev.lejepa.trainer.train;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.programs.EvaluateGraph;
import dev.lejepa.runtime.engine.Program;
import dev.lejepa.trainer.data.EvalLoader;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.data.LoaderSize;
import dev.lejepa.trainer.data.ViewGroup;
import dev.lejepa.trainer.eval.ClassScores;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Scores the online probe on held-out images, with the program's states as they are.
final class Evaluator {
    private final Program program;
    private final ImageStore images;
    private final ViewGroup view;
    private final int batch;
    private final int classes;
    private final int workers;

    private Evaluator(Program program, ImageStore images, ViewGroup view, int batch, int classes, int workers) {
        this.program = program;
        this.images = images;
        this.view = view;
        this.batch = batch;
        this.classes = classes;
        this.workers = workers;
    }

    /// The one of a run, where there are held-out images with labels and a probe to score.
    static Optional<Evaluator> of(TrainJob job, TrainData data, Program program) {
        if (data.classes() == 0
                || data.val().isEmpty()
                || !data.val().get().source().isLabelled()) {
            return Optional.empty();
        }
        var view = ViewGroups.evaluation(program.manifest().evaluationSize());
        var batch = job.recipe().data().batch();
        return Optional.of(new Evaluator(
                program,
                data.val().get(),
                view,
                batch,
                data.classes(),
                job.workers().most()));
    }

    /// The scores of all images.
    ///
    /// @param stop asked before every batch
    /// @return nothing if it was stopped
    Optional<ClassScores> score(BooleanSupplier stop) throws InterruptedException {
        var scores = new ClassScores(classes);
        var size = program.manifest().evaluationSize();
        try (var loader = new EvalLoader(images, batch, view, new LoaderSize(workers, 2))) {
            while (loader.hasNext()) {
                if (stop.getAsBoolean()) {
                    return Optional.empty();
                }
                try (var b = loader.next();
                        var in = program.engine()
                                .wrap(
                                        EvaluateGraph.IMAGES,
                                        DType.UINT8,
                                        b.views(EvaluateGraph.IMAGES),
                                        batch,
                                        3,
                                        size,
                                        size);
                        var out = program.evaluation().run(Map.of(EvaluateGraph.IMAGES, in))) {
                    var labels =
                            Arrays.stream(b.labels()).mapToInt(Math::toIntExact).toArray();
                    scores.add(out.get(EvaluateGraph.LOGITS).toFloats(), labels, b.valid());
                }
            }
        }
        return Optional.of(scores);
    }
}
