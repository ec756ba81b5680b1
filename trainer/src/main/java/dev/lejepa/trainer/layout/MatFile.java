package dev.lejepa.trainer.layout;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The variables of a MATLAB file of level 5, which `save` writes by default since 1996 (versions 6 and 7).
final class MatFile {
    private static final int HEADER_BYTES = 128;
    private static final int MARK = 126;
    private static final int HDF5_VERSION = 2;

    private final Path file;
    private final Map<String, MatValue> variables;

    private MatFile(Path file, Map<String, MatValue> variables) {
        this.file = file;
        this.variables = variables;
    }

    /// @throws BadInputException if there is no such file, or it is damaged or of another version
    static MatFile read(Path file) {
        byte[] bytes = SmallFile.bytes(file);
        if (bytes.length < HEADER_BYTES) {
            throw bad(file, Text.format("is cut off (%d bytes), expected a MATLAB file", bytes.length));
        }
        String mark = new String(bytes, MARK, 2, StandardCharsets.ISO_8859_1);
        ByteOrder order = switch (mark) {
            case "IM" -> ByteOrder.LITTLE_ENDIAN;
            case "MI" -> ByteOrder.BIG_ENDIAN;
            default -> throw bad(file, "is no MATLAB file of version 6 or 7");
        };
        ByteBuffer all = ByteBuffer.wrap(bytes).order(order);
        if (all.getShort(MARK - Short.BYTES) >> Byte.SIZE == HDF5_VERSION) {
            throw bad(file, "is a MATLAB file of version 7.3, expected version 6 or 7, as the data set has it");
        }
        try {
            // a slice: what lies behind the header is aligned as it is in the file
            ByteBuffer elements =
                    all.slice(HEADER_BYTES, bytes.length - HEADER_BYTES).order(order);
            return new MatFile(file, MatReader.variables(elements));
        } catch (MatReader.DamagedException e) {
            throw new BadInputException(Text.format("%s: %s", file, e.getMessage()), e);
        }
    }

    /// A variable of whole numbers.
    int[] wholes(String name) {
        return wholes(name, variable(name));
    }

    /// A variable of texts, one in each cell.
    List<String> texts(String name) {
        if (!(variable(name) instanceof MatValue.Cells(List<MatValue> items))) {
            throw bad(file, Text.format("variable '%s' is no cell array, expected texts in cells", name));
        }
        List<String> texts = new ArrayList<>();
        for (MatValue item : items) {
            texts.add(text(name, item));
        }
        return texts;
    }

    /// A field of each structure of a variable: texts.
    List<String> texts(String name, String field) {
        List<String> texts = new ArrayList<>();
        for (MatValue value : column(name, field)) {
            texts.add(text(name + "." + field, value));
        }
        return texts;
    }

    /// A field of each structure of a variable: one whole number.
    int[] wholes(String name, String field) {
        List<MatValue> column = column(name, field);
        int[] numbers = new int[column.size()];
        for (int i = 0; i < numbers.length; i++) {
            int[] one = wholes(name + "." + field, column.get(i));
            if (one.length != 1) {
                throw bad(file, Text.format("%s.%s holds %d numbers, expected one", name, field, one.length));
            }
            numbers[i] = one[0];
        }
        return numbers;
    }

    private MatValue variable(String name) {
        MatValue value = variables.get(name);
        if (value == null) {
            throw bad(
                    file,
                    Text.format(
                            "has no variable '%s'; it has %s",
                            name, variables.isEmpty() ? "none" : String.join(", ", variables.keySet())));
        }
        return value;
    }

    private List<MatValue> column(String name, String field) {
        if (!(variable(name) instanceof MatValue.Structures all)) {
            throw bad(file, Text.format("variable '%s' is no structure, expected one with field '%s'", name, field));
        }
        int place = all.fields().indexOf(field);
        if (place < 0) {
            throw bad(
                    file,
                    Text.format("'%s' has no field '%s'; it has %s", name, field, String.join(", ", all.fields())));
        }
        List<MatValue> column = new ArrayList<>();
        for (int i = 0; i < all.count(); i++) {
            column.add(all.item(i, place));
        }
        return column;
    }

    private String text(String name, MatValue value) {
        if (value instanceof MatValue.Letters(String text)) {
            return text;
        }
        throw bad(file, Text.format("%s holds something that is no text", name));
    }

    private int[] wholes(String name, MatValue value) {
        if (!(value instanceof MatValue.Numbers(double[] numbers))) {
            throw bad(file, Text.format("%s holds something that is no number", name));
        }
        int[] wholes = new int[numbers.length];
        for (int i = 0; i < wholes.length; i++) {
            wholes[i] = (int) numbers[i];
            if (wholes[i] != numbers[i]) {
                throw bad(file, Text.format("%s holds %s, expected whole numbers", name, numbers[i]));
            }
        }
        return wholes;
    }

    private static BadInputException bad(Path file, String problem) {
        return new BadInputException(Text.format("%s: %s", file, problem));
    }
}
