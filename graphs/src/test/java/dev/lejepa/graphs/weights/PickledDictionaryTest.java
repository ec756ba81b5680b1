package dev.lejepa.graphs.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lejepa.graphs.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class PickledDictionaryTest {
    /// `numpy.dtype(...)`, and what its state says of the order of bytes.
    private static final String BYTES = "cnumpy\ndtype\n(U\2u1K\0K\1tR(K\3U\1|NNNtb";

    private static final String LONGS = "cnumpy\ndtype\n(U\2i8K\0K\1tR(K\3U\1<NNNtb";

    @TempDir
    Path folder;

    @Test
    void textsOfPythonTwoAndBytesOfPythonThreeAreBothKeys() throws IOException {
        var dictionary = read("}(U\5names](U\1aX\1\0\0\0beC\6labels(K\3K\4tu.");
        assertEquals(Optional.of(List.of("a", "b")), dictionary.texts("names"));
        assertEquals(Optional.of(List.of(3L, 4L)), dictionary.wholes("labels"));
        assertEquals(Optional.empty(), dictionary.texts("others"));
    }

    @Test
    void arraysAreFilledByTheirState() throws IOException {
        String made = "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\0tU\1btR";
        var dictionary = read("}(U\4data" + made + "(K\1K\2K\3\206" + BYTES + "\211U\6abc\377\0ftbU\1n" + made
                + "(K\1(K\1t" + LONGS + "\211U\10\5\0\0\0\0\0\0\0tbu.");
        var data = dictionary.bytes("data").orElseThrow();
        assertEquals(List.of(2, 3), data.shape());
        assertArrayEquals(new byte[] {'a', 'b', 'c', -1, 0, 'f'}, data.data());
        assertEquals(Optional.of(List.of(5L)), dictionary.wholes("n"));
        assertEquals(Optional.empty(), dictionary.bytes("n"));
    }

    @Test
    void arraysInColumnsOrOfOtherSizesAreRefusedWhereTheyAreRead() throws IOException {
        String made = String.join(
                "", "}U\4datacnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\0tU\1btR(K\1K\2K\3\206", BYTES);
        var columns = read(made + "\210U\6abcdeftbs.");
        assertEquals("'data' is an array that is not written row by row", refusal(() -> columns.bytes("data")));
        var cut = read(made + "\211U\5abcdetbs.");
        assertEquals("'data' is an array [2, 3] of u1 with 5 bytes", refusal(() -> cut.bytes("data")));
    }

    @Test
    void numbersOfNumPyAreNumbers() throws IOException {
        var dictionary = read("}U\1n(cnumpy.core.multiarray\nscalar\n(" + LONGS + "U\10\7\0\0\0\0\0\0\0tRls.");
        assertEquals(Optional.of(List.of(7L)), dictionary.wholes("n"));
    }

    @Test
    void whatCallsSomethingIsRefused() throws IOException {
        assertEquals(
                "refused, its pickle calls os.system; nothing was run", refusal(() -> read("cos\nsystem\n(U\1xtR.")));
        assertEquals("its pickle holds no dictionary", refusal(() -> read("].")));
        assertEquals("is cut off, or is no pickle", refusal(() -> read("}(U\4da")));
    }

    private PickledDictionary read(String pickle) throws IOException {
        return PickledDictionary.read(Files.write(folder.resolve("p"), pickle.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private String refusal(Executable reading) {
        String said = assertThrows(BadInputException.class, reading).getMessage();
        return said.substring(folder.resolve("p").toString().length() + 2);
    }
}
