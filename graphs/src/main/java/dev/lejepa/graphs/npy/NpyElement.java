package dev.lejepa.graphs.npy;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Escapes;
import dev.lejepa.graphs.Text;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Collectors;

/// How one element is stored.
///
/// @param bigEndian whether its highest byte comes first
record NpyElement(NpyType type, boolean bigEndian) {
    /// What a header's `descr` says.
    static NpyElement of(String file, PythonLiteral descr) {
        if (!(descr instanceof PythonLiteral.Text(String text))) {
            throw new BadInputException(file + ": dtype is a structure of fields, expected plain numbers");
        }
        boolean marked = !text.isEmpty() && "<>=|".indexOf(text.charAt(0)) >= 0;
        String name = marked ? text.substring(1) : text;
        boolean big = switch (marked ? text.charAt(0) : '=') {
            case '>' -> true;
            case '<' -> false;
            default -> ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;
        };
        return NpyType.of(name)
                .map(type -> new NpyElement(type, big))
                .orElseThrow(() -> new BadInputException(Text.format(
                        "%s: dtype is '%s'%s, expected one of %s",
                        file,
                        Escapes.unprintable(text),
                        meaning(name),
                        Arrays.stream(NpyType.values()).map(NpyType::descr).collect(Collectors.joining(" ")))));
    }

    /// What the names of other types stand for.
    private static String meaning(String name) {
        if (name.matches("f1[0-9]|g|longdouble|float(96|128)")) {
            return " (extended precision of one kind of machine; astype('f8') is read)";
        }
        return switch (name.isEmpty() ? 0 : name.charAt(0)) {
            case 'c', 'F', 'D', 'G' -> " (complex numbers)";
            case 'O' -> " (pickled Python objects)";
            case 'S', 'a', 'U' -> " (texts)";
            case 'M', 'm' -> " (times)";
            case 'V' -> " (bytes without a type)";
            default -> "";
        };
    }
}
