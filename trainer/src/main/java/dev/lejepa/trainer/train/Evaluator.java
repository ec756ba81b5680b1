package dev.lejepa.trainer.train;

import dev.lejepa.graphs.ir.DType;
import dev.lejepa.graphs.programs.EvaluateGraph;
import dev.lejepa.runtime.collective.Ranks;
import dev.lejepa.runtime.engine.Program;
import dev.lejepa.trainer.data.EvalLoader;
import dev.lejepa.trainer.data.ImageRange;
import dev.lejepa.trainer.data.ImageStore;
import dev.lejepa.trainer.data.LoaderSize;
import dev.lejepa.trainer.data.ViewGroup;
import dev.lejepa.trainer.eval.ClassScores;
import dev.lejepa.trainer.ranks.Together;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Scores the online probe on held-out images, with the program's states as they are; each process a run of neighboring
/// batches.
final class Evaluator {
    private final Ranks ranks;
    private final Program program;
    private final ImageStore images;
    private final SharedBroken broken;
    private final ViewGroup view;
    private final int batch;
    private final int classes;
    private final int workers;

    private Evaluator(
            Ranks ranks, Program program, ImageStore images, ViewGroup view, int batch, int classes, int workers) {
        this.ranks = ranks;
        this.program = program;
        this.images = images;
        this.broken = new SharedBroken(ranks, images.broken());
        this.view = view;
        this.batch = batch;
        this.classes = classes;
        this.workers = workers;
    }

    /// The one of a run, where there are held-out images with labels and a probe to score.
    static Optional<Evaluator> of(TrainJob job, TrainData data, Program program, Ranks ranks) {
        if (data.classes() == 0
                || data.val().isEmpty()
                || !data.val().get().source().isLabelled()) {
            return Optional.empty();
        }
        var view = ViewGroups.evaluation(program.manifest().evaluationSize());
        var batch = job.recipe().data().batch();
        return Optional.of(new Evaluator(
                ranks,
                program,
                data.val().get(),
                view,
                batch,
                data.classes(),
                job.workers().most()));
    }

    /// The scores of all images, of those of other processes too.
    ///
    /// @param stop asked before every batch
    /// @return nothing if a process was stopped
    Optional<ClassScores> score(BooleanSupplier stop) throws IOException, InterruptedException {
        var words = Together.gather(ranks, () -> new ScoreWord(own(stop), broken.untold()).encode()).stream()
                .map(ScoreWord::decode)
                .toList();
        broken.learn(words.stream().flatMap(word -> word.broken().stream()).toList());
        var all = new ClassScores(classes);
        for (var word : words) {
            if (word.scores().isEmpty()) {
                return Optional.empty();
            }
            all.add(word.scores().get());
        }
        return Optional.of(all);
    }

    private Optional<ClassScores> own(BooleanSupplier stop) throws InterruptedException {
        var scores = new ClassScores(classes);
        var size = program.manifest().evaluationSize();
        var range = ImageRange.of(images.source(), batch, ranks.rank(), ranks.size());
        try (var loader = new EvalLoader(images, range, batch, view, new LoaderSize(workers, 2))) {
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
