package dev.lejepa.tools.selfcheck;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.InputFile;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.interpret.NdArray;
import dev.lejepa.graphs.ir.Shape;
import dev.lejepa.graphs.npy.NpyArray;
import dev.lejepa.graphs.npy.NpyFile;
import dev.lejepa.tools.selfcheck.GoldenTensor.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;

/// One folder: `case.json` and a `.npy` file for each tensor that it lists.
public final class GoldenCase {
    /// The file that makes a folder a case.
    public static final String DESCRIPTION = "case.json";

    private static final String FLOAT32_SCALAR = ".f32";

    private final Path folder;
    private final Params document;
    private final SequencedMap<String, GoldenTensor> tensors = new LinkedHashMap<>();
    private final SequencedMap<String, JsonNode> scalars = new LinkedHashMap<>();

    private GoldenCase(Path folder, Params document) {
        this.folder = folder;
        this.document = document;
        for (var entry : document.objects("tensors")) {
            var tensor = tensor(entry);
            tensors.put(tensor.name(), tensor);
        }
        flatten("", document.object("scalars"));
    }

    /// Reads a folder's description; tensors are read when they are asked for.
    ///
    /// @throws BadInputException if the description is missing or does not say what it must
    public static GoldenCase read(Path folder) {
        var file = folder.resolve(DESCRIPTION);
        try {
            return new GoldenCase(folder, parse(file));
        } catch (IOException e) {
            throw new UncheckedIOException(Text.format("%s: %s", file, e.getMessage()), e);
        }
    }

    /// Reads a file of JSON, an object at the top.
    static Params parse(Path file) throws IOException {
        InputFile.require(file);
        try {
            return new Params(PathText.shown(file), JsonMapper.builder().build().readTree(Files.readAllBytes(file)));
        } catch (JsonProcessingException e) {
            throw new BadInputException(Text.format("%s is no JSON: %s", file, e.getOriginalMessage()), e);
        }
    }

    private static GoldenTensor tensor(Params entry) {
        var role = Role.of(entry);
        var shape = entry.integers("shape").stream().map(Integer::longValue).toList();
        return new GoldenTensor(
                entry.text("name"),
                role,
                entry.text("file"),
                entry.text("dtype"),
                shape,
                entry.number("f32_max_rel_err", 0),
                entry.has("f32_tensor") ? Optional.of(entry.text("f32_tensor")) : Optional.empty(),
                entry.flag("exact_zero", false));
    }

    /// Nested objects become one level, keys joined by `/`.
    private void flatten(String prefix, Params object) {
        for (var key : object.keys()) {
            var value = object.raw(key);
            if (value.isObject()) {
                flatten(prefix + key + "/", object.object(key));
            } else {
                scalars.put(prefix + key, value);
            }
        }
    }

    /// The folder's name.
    public String name() {
        return PathText.name(folder);
    }

    /// What kind of case it is: the description's `family`.
    public String kind() {
        return document.text("family");
    }

    Params params() {
        return document.object("params");
    }

    /// All that the description says.
    Params document() {
        return document;
    }

    /// A file of the folder.
    Path file(String name) {
        return folder.resolve(name);
    }

    /// The tensors in one role, in the description's order.
    List<GoldenTensor> tensors(Role role) {
        return tensors.values().stream().filter(t -> t.role() == role).toList();
    }

    boolean has(String tensor) {
        return tensors.containsKey(tensor);
    }

    /// What the case says of a tensor.
    ///
    /// @throws BadInputException if the case has none of this name
    GoldenTensor tensor(String name) {
        var tensor = tensors.get(name);
        if (tensor == null) {
            throw new BadInputException(Text.format(
                    "%s: tensor '%s' is missing; there are %s", folder.resolve(DESCRIPTION), name, tensors.keySet()));
        }
        return tensor;
    }

    /// The elements of a tensor, widened.
    NdArray array(String name) {
        var npy = npy(name);
        return NdArray.of(shape(tensor(name)), npy.toDoubles());
    }

    /// The elements of a `uint8` tensor.
    byte[] bytes(String name) {
        return npy(name).toBytes();
    }

    static Shape shape(GoldenTensor tensor) {
        return Shape.of(tensor.shape().stream().mapToLong(Long::longValue).toArray());
    }

    private NpyArray npy(String name) {
        var tensor = tensor(name);
        var npy = NpyFile.read(folder.resolve(tensor.file()));
        if (!npy.shape().equals(tensor.shape())) {
            throw new BadInputException(Text.format(
                    "%s is %s where %s says %s",
                    folder.resolve(tensor.file()), npy.shape(), DESCRIPTION, tensor.shape()));
        }
        return npy;
    }

    /// Names of the scalars to be compared, those of nested objects joined by `/`.
    List<String> scalars() {
        var names = new ArrayList<String>();
        for (var name : scalars.keySet()) {
            if (!(name.endsWith(FLOAT32_SCALAR)
                    && scalars.containsKey(name.substring(0, name.length() - FLOAT32_SCALAR.length())))) {
                names.add(name);
            }
        }
        return names;
    }

    /// A scalar; one that is not finite stands as text.
    double scalar(String name) {
        return number(name, raw(name));
    }

    /// How far the reference in single precision was from a scalar, relative to it; 0 where it is not told.
    double scalarFloat32Error(String name) {
        var single = scalars.get(name + FLOAT32_SCALAR);
        var exact = scalar(name);
        return single == null || exact == 0 ? 0 : Math.abs(number(name, single) - exact) / Math.abs(exact);
    }

    /// A scalar's place that holds a list of numbers.
    double[] scalarList(String name) {
        var values = raw(name);
        var numbers = new double[values.size()];
        for (var i = 0; i < numbers.length; i++) {
            numbers[i] = number(name, values.get(i));
        }
        return numbers;
    }

    private JsonNode raw(String name) {
        var value = scalars.get(name);
        if (value == null) {
            throw new BadInputException(Text.format(
                    "%s: scalar '%s' is missing; there are %s", folder.resolve(DESCRIPTION), name, scalars.keySet()));
        }
        return value;
    }

    private double number(String name, JsonNode value) {
        if (value.isNumber()) {
            return value.doubleValue();
        }
        return switch (value.asText().toLowerCase(Locale.ROOT)) {
            case "nan" -> Double.NaN;
            case "inf", "infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default ->
                throw new BadInputException(Text.format(
                        "%s: scalar '%s' is %s, expected a number", folder.resolve(DESCRIPTION), name, value));
        };
    }

    @Override
    public String toString() {
        return name();
    }
}
