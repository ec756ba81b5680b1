package dev.lejepa.tools.inspect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.OneLine;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.onnx.OnnxFiles;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.graphs.programs.StageInput;
import dev.lejepa.graphs.programs.StageOutput;
import dev.lejepa.runtime.checkpoint.Checkpoints;
import dev.lejepa.runtime.engine.BundleFolder;
import dev.lejepa.trainer.train.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/// What an ONNX file, a bundle or a run holds.
///
/// @param lines for people
/// @param json for scripts: `inputs outputs parameters nodes` and more
public record Inspection(List<String> lines, ObjectNode json) {
    /// Names come out of files that may hold anything.
    public Inspection {
        lines = lines.stream().map(OneLine::of).toList();
    }

    /// @throws BadInputException if the path is none of the three
    public static Inspection of(Path path) throws IOException {
        if (Files.isRegularFile(path)) {
            return file(path);
        }
        if (new RunFolder(path).isRun()) {
            return run(path);
        }
        if (Files.exists(path.resolve(Bundle.MANIFEST))) {
            return bundle(path);
        }
        throw new BadInputException(
                Files.exists(path)
                        ? Text.format("%s: is no ONNX file, no bundle (manifest.json) and no run (recipe.yaml)", path)
                        : Text.format("%s: no such file or folder", path));
    }

    private static Inspection file(Path path) throws IOException {
        var summary = OnnxSummary.of(OnnxFiles.read(path));
        var lines = new ArrayList<String>();
        lines.add(Text.format(
                "%s: %d nodes, %.2f M parameters inside, %.1f MB",
                path, summary.nodes(), summary.parameters() / 1e6, Files.size(path) / 1e6));
        lines.add("  inputs     " + summary.inputText());
        lines.add("  outputs    " + summary.outputText());
        lines.add("  operators  " + summary.operatorText());
        summary.opsets()
                .forEach((domain, v) -> lines.add("  opset      " + (domain.isEmpty() ? "ai.onnx" : domain) + " " + v));
        summary.metadata().forEach((key, value) -> lines.add("  metadata   " + key + " = " + value));
        var json = JsonNodeFactory.instance.objectNode();
        json.set("inputs", summary.inputsJson());
        json.set("outputs", summary.outputsJson());
        json.put("parameters", summary.parameters()).put("nodes", summary.nodes());
        summary.operators().forEach(json.putObject("operators")::put);
        return new Inspection(lines, json);
    }

    private static Inspection bundle(Path path) throws IOException {
        var bundle = BundleFolder.read(path);
        var manifest = bundle.manifest();
        var lines = new ArrayList<String>();
        var json = JsonNodeFactory.instance.objectNode();
        lines.add(Text.format(
                "%s: a bundle for target %s, %.2f M parameters", path, manifest.target(), parameters(manifest) / 1e6));
        var nodes = 0;
        var elements = json.putObject("elements");
        for (var stage : manifest.graphs()) {
            var summary = OnnxSummary.of(OnnxFiles.read(bundle.file(stage.graph())));
            nodes += summary.nodes();
            lines.add(Text.format(
                    "  %-10s %s, %d nodes: %s", stage.name(), stage.graph(), summary.nodes(), summary.operatorText()));
            lines.addAll(summary.elements().lines());
            elements.set(stage.name(), summary.elements().json());
        }
        lines.addAll(CutSummary.lines(manifest));
        var inputs = json.putArray("inputs");
        var outputs = json.putArray("outputs");
        var told = new HashSet<StageInput>(); // stages that repeat others read the same
        for (var stage : manifest.stages()) {
            stage.inputs().stream()
                    .filter(in -> !(in instanceof StageInput.State) && !(in instanceof StageInput.Handed))
                    .filter(told::add)
                    .forEach(in -> feed(in, inputs, lines));
            metrics(stage, outputs, lines);
        }
        states(manifest, json, lines);
        for (var g : manifest.groups()) {
            lines.add(Text.format("  group      %s: lr %s, weight decay %s", g.name(), g.lr().base(), g.weightDecay()));
        }
        json.put("parameters", parameters(manifest)).put("nodes", nodes).put("target", manifest.target());
        return new Inspection(lines, json);
    }

    private static Inspection run(Path path) throws IOException {
        var run = new RunFolder(path);
        var inner = bundle(run.bundle());
        var newest = new Checkpoints(path).newest();
        var lines = new ArrayList<String>();
        lines.add(Text.format(
                "%s: a run, %s",
                path,
                newest.map(c -> Text.format(
                                "%d steps done, newest checkpoint %s",
                                c.step(), c.directory().getFileName()))
                        .orElse("no checkpoint yet")));
        lines.add("  encoder    " + (Files.exists(run.encoder()) ? PathText.shown(run.encoder()) : "not yet"));
        lines.addAll(inner.lines());
        var json = inner.json().deepCopy();
        newest.ifPresent(c -> json.put("steps", c.step()));
        return new Inspection(lines, json);
    }

    private static long parameters(Manifest manifest) {
        return manifest.states().stream()
                .filter(s -> s.role() == Manifest.Role.PARAMETER)
                .mapToLong(s -> s.shape().stream().reduce(1L, Math::multiplyExact))
                .sum();
    }

    private static void feed(StageInput in, ArrayNode inputs, List<String> lines) {
        var node =
                inputs.addObject().put("name", in.name()).put("is", in.word()).put("dtype", in.dtype());
        in.shape().forEach(node.putArray("shape")::add);
        if (!(in instanceof StageInput.Draw) || !in.name().contains("drop_path")) {
            lines.add(Text.format("  input      %s (%s) %s%s", in.name(), in.word(), in.dtype(), in.shape()));
        }
    }

    private static void metrics(Manifest.Stage stage, ArrayNode outputs, List<String> lines) {
        for (var out : stage.outputs()) {
            if (out instanceof StageOutput.Metric) {
                var node = outputs.addObject().put("name", out.name()).put("dtype", out.dtype());
                out.shape().forEach(node.putArray("shape")::add);
                lines.add(Text.format("  metric     %s %s%s", out.name(), out.dtype(), out.shape()));
            }
        }
    }

    private static void states(Manifest manifest, ObjectNode json, List<String> lines) {
        var counts = new EnumMap<Manifest.Role, Integer>(Manifest.Role.class);
        manifest.states().forEach(s -> counts.merge(s.role(), 1, Integer::sum));
        var node = json.putObject("states");
        counts.forEach((role, n) -> node.put(role.name().toLowerCase(Locale.ROOT), n));
        lines.add("  states     " + node);
    }
}
