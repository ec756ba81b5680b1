package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lejepa.graphs.Text;
import dev.lejepa.tools.models.ModelSummary;
import dev.lejepa.tools.models.ModelTensors;
import dev.lejepa.tools.models.NamedModels;
import java.util.List;
import org.apache.commons.cli.Option;

/// `models`: the backbones that recipes may name.
final class ModelsCommand implements Command {
    @Override
    public List<Option> options() {
        return List.of(Flags.flag("tensors", "lists parameters and buffers too, by timm's names"));
    }

    @Override
    public String operands() {
        return "[PATTERN]";
    }

    @Override
    public String example() {
        return "./lejepa models 'vit_small*'";
    }

    @Override
    public ExitCode run(Call call) {
        var operands = call.operands(0, 1);
        var pattern = operands.isEmpty() ? "*" : operands.getFirst();
        var names = NamedModels.matching(pattern);
        var widest = names.stream().mapToInt(String::length).max().orElseThrow();
        var models = JsonNodeFactory.instance.arrayNode();
        call.console().say(head(widest));
        for (var name : names) {
            var summary = ModelSummary.of(name);
            var json = summary.json();
            call.console().say(row(summary, widest));
            if (call.has("tensors")) {
                var tensors = ModelTensors.of(name);
                json.set("tensors", tensors.json());
                if (!call.has("json")) {
                    tensors.lines().forEach(call.console()::say);
                }
            }
            models.add(json);
        }
        var result = JsonNodeFactory.instance.objectNode();
        result.set("models", models);
        call.console().result(result);
        return ExitCode.DONE;
    }

    private static String head(int widest) {
        return Text.format(
                "%s  %-18s  %13s  %9s  %5s  %s",
                padded("name", widest), "family", "parameters", "GFLOPs", "width", "image");
    }

    private static String row(ModelSummary model, int widest) {
        return Text.format(
                "%s  %-18s  %13d  %9.2f  %5d  %s",
                padded(model.name(), widest),
                model.family(),
                model.parameters(),
                model.flops() / 1e9,
                model.width(),
                model.image());
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }
}
