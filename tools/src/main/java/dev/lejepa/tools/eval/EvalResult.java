package dev.lejepa.tools.eval;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lejepa.graphs.Escapes;
import dev.lejepa.graphs.PathText;
import dev.lejepa.tools.stat.FeatureTests;
import dev.lejepa.trainer.eval.Encoder;
import dev.lejepa.trainer.eval.HealthReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// What an evaluation came to. Accuracies are fractions of the test images.
///
/// @param classes names by label
/// @param trainImages that probes and neighbors learned from
/// @param testImages that they were tested on
/// @param held whether those are a part of the training images, held out
/// @param probes one for each number of shots
/// @param flipped the same with mirrored images to learn from; empty where that was not asked for
/// @param health of the pooled features of the test images, or of all where they are held out
/// @param tests of the same against the normal law
public record EvalResult(
        Encoder encoder,
        Judged.Outputs outputs,
        List<String> classes,
        int trainImages,
        int testImages,
        boolean held,
        List<ProbeResult> probes,
        List<ProbeResult> flipped,
        List<NeighborResult> neighbors,
        HealthReport health,
        List<FeatureTests.Row> tests,
        double seconds) {
    private static final int DIGITS = 6;

    /// The probe that stands for the encoder: that of the most shots, which is asked for last.
    ProbeResult main() {
        return probes.stream()
                .filter(p -> p.shots().perClass().isEmpty())
                .findFirst()
                .orElseGet(probes::getLast);
    }

    /// Mean top-1 of the probes in percent, by shots.
    public SequencedMap<String, Double> percentages() {
        var top1 = new LinkedHashMap<String, Double>();
        probes.forEach(probe -> top1.put(probe.shots().word(), 100 * probe.mean()));
        return top1;
    }

    /// For scripts.
    public ObjectNode json() {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("linear_top1", rounded(main().mean()));
        json.put("linear_top5", rounded(main().first().top5()));
        json.put("knn_top1", rounded(neighbors.getLast().top1()));
        json.set("shots", shots(probes));
        if (!flipped.isEmpty()) {
            json.set("shots_flip", shots(flipped));
        }
        var knn = json.putObject("knn");
        neighbors.forEach(n -> knn.put(Integer.toString(n.k()), rounded(n.top1())));
        var figures = HealthJson.of(health, tests);
        json.set("rankme", figures.get("rankme"));
        json.set("lidar", figures.has("lidar") ? figures.get("lidar") : NullNode.getInstance());
        json.set("health", figures);
        json.put("images", trainImages + testImages);
        json.put("train_images", trainImages);
        json.put("test_images", testImages);
        json.put("test", held ? "held out of the training images" : "given");
        json.put("classes", classes.size());
        json.put("width", encoder.width(outputs.probed()));
        json.put("output", outputs.probed());
        json.put("encoder", PathText.text(encoder.file()));
        json.put("seconds", Math.round(seconds * 10) / 10.0);
        return json;
    }

    /// The same, and each class.
    public ObjectNode fullJson() {
        var json = json();
        var perClass = main().first().perClass();
        var confusion = main().first().confusion();
        var all = json.putArray("per_class");
        for (var c = 0; c < perClass.length; c++) {
            var one = all.addObject().put("class", Escapes.unprintable(classes.get(c)));
            if (Double.isNaN(perClass[c])) {
                one.putNull("top1");
            } else {
                one.put("top1", rounded(perClass[c]));
            }
            var row = one.putArray("taken_for");
            for (var count : confusion[c]) {
                row.add(count);
            }
        }
        return json;
    }

    private static ObjectNode shots(List<ProbeResult> probes) {
        var json = JsonNodeFactory.instance.objectNode();
        for (var probe : probes) {
            var one = json.putObject(probe.shots().word());
            one.put("mean", rounded(probe.mean()));
            one.put("deviation", rounded(probe.deviation()));
            var seeds = one.putArray("seeds");
            probe.top1().forEach(t -> seeds.add(rounded(t)));
            var rates = one.putArray("learning_rates");
            probe.heads().forEach(head -> rates.add(head.learningRate()));
            var decays = one.putArray("weight_decays");
            probe.heads().forEach(head -> decays.add(head.weightDecay()));
            var penalties = one.putArray("penalties");
            probe.heads().forEach(head -> penalties.add(head.penalty()));
        }
        return json;
    }

    private static double rounded(double fraction) {
        var factor = Math.pow(10, DIGITS);
        return Math.round(fraction * factor) / factor;
    }
}
