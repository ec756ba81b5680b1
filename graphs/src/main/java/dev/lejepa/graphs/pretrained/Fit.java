package dev.lejepa.graphs.pretrained;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.weights.StoredTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Brings a file's tensors, under timm's names already, to the shapes of a model, and keeps account of them.
final class Fit {
    /// Numbers that follow from a model's sizes; old checkpoints carry them along.
    private static final Set<String> DERIVED = Set.of("relative_position_index", "attn_mask", "position_ids");

    private final String file;
    private final Translation found;
    private final ModelShapes model;
    private final LinkedHashMap<String, JoinedTensor> fitted = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    private Fit(String file, Translation found, ModelShapes model) {
        this.file = file;
        this.found = found;
        this.model = model;
    }

    /// @param tensors by the model's names
    record Result(LinkedHashMap<String, JoinedTensor> tensors, WeightsReport report) {}

    /// @param file names it in messages
    /// @throws BadInputException with every tensor that fits nowhere
    static Result of(String file, Translation found, ModelShapes model) {
        return new Fit(file, found, model).result();
    }

    private Result result() {
        takeShapes();
        tellMissing();
        tellLeftOut();
        if (!faults.isEmpty()) {
            throw new BadInputException(
                    Text.format("%s does not fit %s (%s): %s", file, model.model(), form(), String.join("; ", faults)));
        }
        return new Result(
                fitted,
                new WeightsReport(file, form(), fitted.size(), model.shapes().size(), notes));
    }

    private String form() {
        String place = found.candidate().place();
        return found.naming().words() + (place.isEmpty() ? "" : ", under " + place);
    }

    private void takeShapes() {
        var unfit = new LinkedHashSet<String>();
        model.shapes().forEach((name, shape) -> {
            JoinedTensor tensor = found.tensors().get(name);
            if (tensor == null) {
                return;
            }
            if (name.equals(ModelShapes.POSITIONS) && model.grid().isPresent()) {
                if (!takePositions(tensor, shape, model.grid().get())) {
                    unfit.add(name);
                }
            } else if (withoutOnes(tensor.shape()).equals(withoutOnes(shape))) {
                fitted.putIfAbsent(name, tensor.as(shape));
            } else {
                unfit.add(name);
            }
        });
        dropClassifier(unfit);
        faults.addAll(NameGroups.told(
                unfit,
                name -> Text.format(
                        " is %s in the file where the model has %s",
                        shapeOf(name), model.shapes().get(name))));
    }

    private static List<Long> withoutOnes(List<Long> shape) {
        return shape.stream().filter(size -> size != 1).toList();
    }

    private boolean takePositions(JoinedTensor tensor, List<Long> shape, PatchGrid grid) {
        StoredTensor whole = tensor.whole();
        StoredTensor ranked = whole.shape().size() == 2
                ? whole.reshape(List.of(1L, whole.shape().get(0), whole.shape().get(1)))
                : whole;
        boolean classToken = found.tensors().containsKey(ModelShapes.CLASS_TOKEN);
        var positions = Positions.fit(ranked, shape, grid, classToken);
        positions.ifPresent(fit -> {
            fitted.put(ModelShapes.POSITIONS, JoinedTensor.of(fit.tensor()));
            if (!fit.note().isEmpty()) {
                notes.add(fit.note());
            }
            fit.classPosition().ifPresent(this::foldIntoClassToken);
        });
        return positions.isPresent();
    }

    /// A model whose class token has no position of its own gets their sum as its token.
    private void foldIntoClassToken(float[] position) {
        List<Long> shape = model.shapes().get(ModelShapes.CLASS_TOKEN);
        JoinedTensor token = found.tensors().get(ModelShapes.CLASS_TOKEN);
        if (shape == null || token == null || token.count() != position.length) {
            notes.add("pos_embed of the class token left out");
            return;
        }
        float[] sum = token.whole().floats();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += position[i];
        }
        fitted.put(ModelShapes.CLASS_TOKEN, JoinedTensor.of(StoredTensor.of(shape, sum)));
        notes.add("pos_embed of the class token added to cls_token");
    }

    /// A classifier for other classes is left out whole.
    private void dropClassifier(Set<String> unfit) {
        var layers = unfit.stream()
                .filter(ModelShapes::isClassifier)
                .map(name -> name.substring(0, name.lastIndexOf('.')))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        for (String layer : layers) {
            String weight = layer + ".weight";
            notes.add(Text.format(
                    "%s.* left out (%s classes in the file, %s here)",
                    layer,
                    classes(found.tensors().get(weight)),
                    model.shapes().getOrDefault(weight, List.of(0L)).getFirst()));
            unfit.removeIf(name -> name.startsWith(layer + "."));
            fitted.keySet().removeIf(name -> name.startsWith(layer + ".") && ModelShapes.isClassifier(name));
        }
    }

    private static String classes(@Nullable JoinedTensor weight) {
        return weight == null || weight.shape().isEmpty()
                ? "other"
                : weight.shape().getFirst().toString();
    }

    private void tellMissing() {
        var missing = model.shapes().keySet().stream()
                .filter(name -> !found.tensors().containsKey(name) && !fitted.containsKey(name))
                .toList();
        var anew = missing.stream().filter(ModelShapes::isOptional).toList();
        var lacking =
                missing.stream().filter(name -> !ModelShapes.isOptional(name)).toList();
        if (!anew.isEmpty()) {
            notes.add("not in the file, made anew: " + String.join(", ", NameGroups.of(anew)));
        }
        faults.addAll(NameGroups.told(
                lacking,
                name -> Text.format(" %s is not in the file", model.shapes().get(name))));
    }

    /// What the file has and the model does not. Layers of the kinds that the model has would have to be in it.
    private void tellLeftOut() {
        var roots = model.shapes().keySet().stream()
                .filter(name -> !ModelShapes.isClassifier(name))
                .map(Fit::root)
                .collect(Collectors.toSet());
        var leftOut = new ArrayList<>(found.others());
        var foreign = new ArrayList<String>();
        found.tensors().keySet().stream().filter(name -> !model.wants(name)).forEach(name -> {
            boolean derived = DERIVED.contains(name.substring(name.lastIndexOf('.') + 1));
            boolean layer = roots.contains(root(name)) && !ModelShapes.isClassifier(name);
            (layer && !derived ? foreign : leftOut).add(name);
        });
        if (!leftOut.isEmpty()) {
            notes.add("left out of the file: " + String.join(", ", NameGroups.of(leftOut)));
        }
        faults.addAll(NameGroups.told(
                foreign, name -> Text.format(" %s is in the file and not in the model", shapeOf(name))));
    }

    private List<Long> shapeOf(String name) {
        var tensor = found.tensors().get(name);
        return tensor == null ? List.of() : tensor.shape();
    }

    private static String root(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }
}
