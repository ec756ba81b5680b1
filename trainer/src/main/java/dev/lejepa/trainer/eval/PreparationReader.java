package dev.lejepa.trainer.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.engine.Model;
import dev.lejepa.runtime.engine.Port;
import dev.lejepa.trainer.image.Interpolation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.DoubleStream;

/// Finds out how an encoder wants its images: what a person says, else what the file's metadata say, else what the shape
/// of its input says.
///
/// @param file that messages name
/// @param input of the images, `[N, 3, size, size]`
record PreparationReader(Path file, Model model, Port input, Preparation.Given given) {
    private static final int HEIGHT = 2;
    private static final int WIDTH = 3;
    private static final int MOST = 8192;
    private static final ObjectMapper JSON = new ObjectMapper();

    Preparation read() {
        var size = size();
        var mean = given.mean().or(() -> colors("mean"));
        var std = given.std().or(() -> colors("std"));
        requireAll(size, mean, std);
        var side = size.getAsInt();
        requireSize(side);
        var resize = resize(side);
        if (resize < side || resize > MOST) {
            throw new BadInputException(Text.format(
                    "%s: the shorter side becomes %d pixels, for a square of %d; expected --resize PX of %d to %d",
                    file, resize, side, side, MOST));
        }
        if (std.orElseThrow().contains(0.0)) {
            throw new BadInputException(Text.format("%s: std is %s, must not be 0", file, std.get()));
        }
        return new Preparation(side, resize, interpolation(), mean.orElseThrow(), std.orElseThrow());
    }

    private void requireAll(OptionalInt size, Optional<List<Double>> mean, Optional<List<Double>> std) {
        var missing = new ArrayList<String>();
        var flags = new ArrayList<String>();
        if (size.isEmpty()) {
            missing.add("image_size");
            flags.add("--size PX");
        }
        if (mean.isEmpty()) {
            missing.add("mean");
            flags.add("--mean R,G,B");
        }
        if (std.isEmpty()) {
            missing.add("std");
            flags.add("--std R,G,B");
        }
        if (!missing.isEmpty()) {
            throw new BadInputException(Text.format(
                    "%s: does not say how to prepare images (no metadata %s); give %s"
                            + " (and --resize PX, --interpolation bilinear|bicubic where the shorter side is resized otherwise)",
                    file, String.join(", ", missing), String.join(" ", flags)));
        }
    }

    private OptionalInt size() {
        if (given.size().isPresent()) {
            return given.size();
        }
        var stated = whole("image_size");
        var height = Math.toIntExact(input.shape().get(HEIGHT));
        return stated.isPresent() || height < 1 ? stated : OptionalInt.of(height);
    }

    private void requireSize(int size) {
        for (var axis : List.of(HEIGHT, WIDTH)) {
            var fixed = input.shape().get(axis);
            if (fixed >= 0 && fixed != size) {
                throw new BadInputException(Text.format(
                        "%s: its input '%s' is %s, but images are to have %d pixels a side",
                        file, input.name(), input.describe(), size));
            }
        }
    }

    private int resize(int size) {
        if (given.resize().isPresent()) {
            return given.resize().getAsInt();
        }
        return given.size().isPresent() ? size : whole("resize").orElse(size);
    }

    private Interpolation interpolation() {
        if (given.interpolation().isPresent()) {
            return given.interpolation().get();
        }
        var stated = model.metadata("interpolation");
        return stated.isEmpty()
                ? Interpolation.BILINEAR
                : Interpolation.of(stated.get())
                        .orElseThrow(() -> new BadInputException(Text.format(
                                "%s: metadata 'interpolation' is '%s', must be one of %s",
                                file, stated.get(), String.join(", ", Interpolation.words()))));
    }

    private OptionalInt whole(String key) {
        var text = model.metadata(key);
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        try {
            var number = Integer.parseInt(text.get());
            if (number > 0) {
                return OptionalInt.of(number);
            }
        } catch (NumberFormatException e) {
            // told below, as a number that is not positive is
        }
        throw new BadInputException(
                Text.format("%s: metadata '%s' is '%s', must be a positive whole number", file, key, text.get()));
    }

    private Optional<List<Double>> colors(String key) {
        var text = model.metadata(key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            var values = JSON.readValue(text.get(), double[].class);
            if (values.length == 3) {
                return Optional.of(DoubleStream.of(values).boxed().toList());
            }
        } catch (JsonProcessingException e) {
            throw new BadInputException(
                    Text.format("%s: metadata '%s' is no JSON array: %s", file, key, text.get()), e);
        }
        throw new BadInputException(
                Text.format("%s: metadata '%s' must have three numbers: %s", file, key, text.get()));
    }
}
