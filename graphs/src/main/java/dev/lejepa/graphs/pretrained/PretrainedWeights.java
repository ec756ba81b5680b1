package dev.lejepa.graphs.pretrained;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.weights.WeightsFile;
import dev.lejepa.graphs.weights.WeightsNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// An open file of weights, fitted to a model: its tensors by the model's names, read when they are asked for.
public final class PretrainedWeights implements AutoCloseable {
    /// Names of a strange file that a message shows.
    private static final int SHOWN = 8;

    private final WeightsFile file;
    private final Fit.Result fit;

    private PretrainedWeights(WeightsFile file, Fit.Result fit) {
        this.file = file;
        this.fit = fit;
    }

    /// Opens `path` and finds the model's tensors in it.
    ///
    /// @throws BadInputException if it is no file of weights, or does not fit: every tensor that does not is named
    public static PretrainedWeights open(Path path, ModelShapes model) throws IOException {
        var file = WeightsFile.open(path);
        try {
            return new PretrainedWeights(file, fit(PathText.shown(path), file.root(), model));
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /// @param name of the file, for messages
    static Fit.Result fit(String name, WeightsNode.Group root, ModelShapes model) {
        List<Candidate> candidates = Candidate.all(root);
        var best = candidates.stream()
                .flatMap(place -> Arrays.stream(Naming.values()).map(naming -> Translation.of(place, naming, model)))
                .max(Comparator.comparingLong((Translation found) -> found.score(model)));
        if (best.isEmpty()) {
            throw new BadInputException(name + ": holds no tensors" + objects(root));
        }
        if (best.get().score(model) == 0) {
            var found = NameGroups.of(candidates.getFirst().tensors().keySet());
            throw new BadInputException(Text.format(
                    "%s does not fit %s: of the names that it has (%s%s) none is one of the model's (%s, ...)",
                    name,
                    model.model(),
                    String.join(", ", found.subList(0, Math.min(SHOWN, found.size()))),
                    found.size() > SHOWN ? ", ..." : "",
                    model.shapes().firstEntry().getKey()));
        }
        return Fit.of(name, best.get(), model);
    }

    /// Objects in place of weights: a model that was saved whole, for one.
    private static String objects(WeightsNode.Group root) {
        var told = new StringBuilder();
        root.entries().forEach((key, node) -> {
            if (node instanceof WeightsNode.Other(var what, var object) && object) {
                told.append(Text.format("; %s is %s, expected a state dict", key, what));
            }
        });
        return told.toString();
    }

    /// The model's tensors that the file has. The others start as they would without it.
    public SequencedMap<String, JoinedTensor> tensors() {
        return fit.tensors();
    }

    /// The tensor `name` of the model, if the file has it.
    public Optional<JoinedTensor> find(String name) {
        return Optional.ofNullable(fit.tensors().get(name));
    }

    /// What was loaded, changed, left out and missing.
    public WeightsReport report() {
        return fit.report();
    }

    @Override
    public void close() {
        file.close();
    }
}
