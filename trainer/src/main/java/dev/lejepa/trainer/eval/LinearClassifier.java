package dev.lejepa.trainer.eval;

import dev.lejepa.runtime.engine.Engine;
import java.util.List;

/// A fitted linear classifier on features as they come from an encoder: LayerNorm, then weights and biases.
public final class LinearClassifier {
    private final Engine engine;
    private final ProbeSpace space;
    private final float[] weights;
    private final float[] bias;

    /// @param weights `[width, classes]`
    LinearClassifier(Engine engine, ProbeSpace space, float[] weights, float[] bias) {
        this.engine = engine;
        this.space = space;
        this.weights = weights;
        this.bias = bias;
    }

    /// Number of classes.
    public int classes() {
        return bias.length;
    }

    /// How well it classifies labeled rows.
    public ClassScores score(Features x, int[] labels) {
        x.requireLabels(labels, classes());
        var scores = new ClassScores(classes());
        var coordinates = space.apply(engine, x);
        try (var head = new ProbeHeads(engine, space.width(), classes(), List.of(new LinearProbe.Head(0, 0, 0)))) {
            head.set(weights, bias);
            head.score(coordinates, Blocks.inOrder(x.rows()), (from, count, logits) -> {
                for (var row = 0; row < count; row++) {
                    scores.add(logits, row * classes(), labels[from + row]);
                }
            });
        }
        return scores;
    }

    /// Fraction of rows classified as labeled.
    public double top1(Features x, int[] labels) {
        return score(x, labels).top1();
    }
}
