package dev.lejepa.tools.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.engine.Model;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;

/// How an encoder wants its images, as its file says.
///
/// @param input name of the images' input
/// @param batch images of a run; 0 if it is free
/// @param size pixels per side
record Preparation(String input, int batch, int size, List<Double> mean, List<Double> std) {
    static Preparation of(Path file, Model model) {
        if (model.inputs().size() != 1) {
            throw new BadInputException(Text.format(
                    "%s: an encoder has one input, this has %d (%s)",
                    file,
                    model.inputs().size(),
                    model.inputs().stream().map(i -> i.name()).toList()));
        }
        var input = model.inputs().getFirst();
        var size = whole(file, model, "image_size");
        if (whole(file, model, "resize") != size) {
            throw new BadInputException(
                    Text.format("%s: metadata 'resize' differs from 'image_size', which is not supported", file));
        }
        var batch = Math.max(0, Math.toIntExact(input.shape().getFirst()));
        return new Preparation(input.name(), batch, size, colors(file, model, "mean"), colors(file, model, "std"));
    }

    private static String entry(Path file, Model model, String key) {
        return model.metadata(key)
                .orElseThrow(() -> new BadInputException(
                        Text.format("%s: has no metadata '%s', so it is no encoder of ours", file, key)));
    }

    private static int whole(Path file, Model model, String key) {
        var text = entry(file, model, key);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new BadInputException(
                    Text.format("%s: metadata '%s' is '%s', must be a whole number", file, key, text), e);
        }
    }

    private static List<Double> colors(Path file, Model model, String key) {
        var text = entry(file, model, key);
        try {
            var values = new ObjectMapper().readValue(text, double[].class);
            if (values.length == 3) {
                return DoubleStream.of(values).boxed().toList();
            }
        } catch (JsonProcessingException e) {
            throw new BadInputException(Text.format("%s: metadata '%s' is no JSON array: %s", file, key, text), e);
        }
        throw new BadInputException(Text.format("%s: metadata '%s' must have three numbers: %s", file, key, text));
    }
}
