package dev.lejepa.trainer.train;

import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.data.ImageCensus;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// In what the images of a run are not those that it began with.
///
/// @param all one sentence for each source that differs, with numbers
/// @param probe in what the online probe's shape differs, if it does
public record DataChanges(List<String> all, Optional<String> probe) {
    private static final int NAMED_AT_MOST = 10;

    public DataChanges {
        all = List.copyOf(all);
    }

    /// The differences from what a run saw to what there is now.
    ///
    /// @param batch images of a step
    public static DataChanges between(RunData before, RunData now, int batch) {
        var all = new ArrayList<String>();
        if (!before.train().equals(now.train())) {
            var said = new ArrayList<String>();
            source(before.train(), now.train(), said);
            var steps = before.train().images() / batch;
            if (steps != now.train().images() / batch) {
                said.add(Text.format(
                        "steps per epoch %d -> %d", steps, now.train().images() / batch));
            }
            all.add("data.train: " + String.join("; ", said));
        }
        held(Optional.ofNullable(before.val()), Optional.ofNullable(now.val()))
                .ifPresent(said -> all.add("data.val: " + said));
        var probe = before.probeClasses() == now.probeClasses()
                ? Optional.<String>empty()
                : Optional.of(Text.format(
                        "the online probe tells %d classes apart where the run's tells %d",
                        now.probeClasses(), before.probeClasses()));
        return new DataChanges(all, probe);
    }

    private static Optional<String> held(Optional<ImageCensus> before, Optional<ImageCensus> now) {
        if (before.equals(now)) {
            return Optional.empty();
        }
        if (before.isEmpty() || now.isEmpty()) {
            return Optional.of(Text.format("%s images where the run began with %s", count(now), count(before)));
        }
        var said = new ArrayList<String>();
        source(before.get(), now.get(), said);
        return Optional.of(String.join("; ", said));
    }

    private static String count(Optional<ImageCensus> held) {
        return held.map(c -> Integer.toString(c.images())).orElse("no");
    }

    private static void source(ImageCensus before, ImageCensus now, List<String> said) {
        if (before.images() != now.images()) {
            said.add(Text.format("%d images where the run began with %d", now.images(), before.images()));
        }
        list("classes added: ", only(now, before), said);
        list("classes gone: ", only(before, now), said);
        list("images of classes: ", resized(before, now), said);
        if (!Objects.equals(before.order(), now.order())) {
            said.add("epochs follow other blocks or weights");
        }
        if (said.isEmpty()) {
            said.add(Text.format("%d images as before, but names or sizes of files differ", now.images()));
        }
    }

    /// Classes of one that the other lacks.
    private static List<String> only(ImageCensus one, ImageCensus other) {
        return one.classes().entrySet().stream()
                .filter(c -> !other.classes().containsKey(c.getKey()))
                .map(c -> Text.format("%s (%d)", c.getKey(), c.getValue()))
                .toList();
    }

    private static List<String> resized(ImageCensus before, ImageCensus now) {
        return before.classes().entrySet().stream()
                .filter(c -> now.classes().containsKey(c.getKey()))
                .filter(c -> !c.getValue().equals(now.classes().get(c.getKey())))
                .map(c -> Text.format(
                        "%s %d instead of %d", c.getKey(), now.classes().get(c.getKey()), c.getValue()))
                .toList();
    }

    private static void list(String what, List<String> names, List<String> said) {
        if (!names.isEmpty()) {
            var shown = String.join(", ", names.subList(0, Math.min(names.size(), NAMED_AT_MOST)));
            said.add(what + shown + (names.size() > NAMED_AT_MOST ? Text.format(", ... (%d)", names.size()) : ""));
        }
    }

    public boolean none() {
        return all.isEmpty() && probe.isEmpty();
    }

    @Override
    public String toString() {
        return String.join("; ", all)
                + probe.map(p -> all.isEmpty() ? p : "; " + p).orElse("");
    }
}
