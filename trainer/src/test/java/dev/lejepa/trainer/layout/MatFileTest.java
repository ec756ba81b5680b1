package dev.lejepa.trainer.layout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The files are SciPy's: `tools/interop/miniatures.py`.
class MatFileTest {
    private static final List<String> FILES = List.of(
            "imagelabels.mat", "setid.mat", "cars_meta.mat", "cars_train_annos.mat", "cars_test_annos_withlabels.mat");

    @TempDir
    Path folder;

    @Test
    void numbersTextsAndStructuresAreReadCompressedOrNot() throws IOException {
        assertArrayEquals(
                new int[] {77, 1, 102, 1, 5, 77, 5}, mat("imagelabels.mat").wholes("labels"));
        assertArrayEquals(new int[] {6, 2, 5}, mat("setid.mat").wholes("tstid"));
        assertEquals(
                "Citroën 2CV 1970", mat("cars_meta.mat").texts("class_names").getLast());
        for (String file : List.of("cars_train_annos.mat", "cars_test_annos_withlabels.mat")) {
            assertEquals("00002.jpg", mat(file).texts("annotations", "fname").get(1));
            assertEquals(1, mat(file).wholes("annotations", "class")[1]);
            assertEquals(7, mat(file).wholes("annotations", "bbox_y2")[0]);
        }
    }

    @Test
    void bigEndianFilesAreRead() throws IOException {
        ByteBuffer big = ByteBuffer.allocate(128 + 8 + 16 + 16 + 8 + 8);
        big.putShort(124, (short) 0x0100)
                .put(126, (byte) 'M')
                .put(127, (byte) 'I')
                .position(128);
        big.putInt(14).putInt(48);
        big.putInt(6).putInt(8).putInt(11).putInt(0); // of class uint16
        big.putInt(5).putInt(8).putInt(1).putInt(2); // 1 x 2
        big.putInt(1 << 16 | 1).put((byte) 'n').put(new byte[3]); // a name that fits into its tag
        big.putInt(4 << 16 | 4).putShort((short) 300).putShort((short) 2);
        Path file = folder.resolve("big.mat");
        Files.write(file, big.array());
        assertArrayEquals(new int[] {300, 2}, MatFile.read(file).wholes("n"));
    }

    @Test
    void aVariableOrFieldThatIsNotThereIsNamedWithThoseThatAre() throws IOException {
        assertEquals(
                folder.resolve("setid.mat") + ": has no variable 'labels'; it has trnid, valid, tstid",
                refusal(mat("setid.mat"), "labels"));
        MatFile cars = mat("cars_train_annos.mat");
        assertEquals(
                folder.resolve("cars_train_annos.mat")
                        + ": 'annotations' has no field 'label'; it has bbox_x1, bbox_y1,"
                        + " bbox_x2, bbox_y2, class, fname",
                assertThrows(BadInputException.class, () -> cars.texts("annotations", "label"))
                        .getMessage());
    }

    @Test
    void aFileThatIsCutOffAnywhereIsRefusedOrLacksWhatIsBehind() throws IOException {
        for (String name : FILES) {
            byte[] whole = Miniature.resource(name);
            for (int length = 0; length < whole.length; length++) {
                requireRefusalOrLess(Arrays.copyOf(whole, length));
            }
        }
    }

    @Test
    void damagedFilesAreRefusedInOneLineOrRead() throws IOException {
        Random random = new Random(3);
        for (String name : FILES) {
            byte[] whole = Miniature.resource(name);
            for (int round = 0; round < 400; round++) {
                byte[] damaged = whole.clone();
                for (int i = 0; i < 3; i++) {
                    damaged[128 + random.nextInt(whole.length - 128)] = (byte) random.nextInt();
                }
                requireRefusalOrLess(damaged);
            }
        }
    }

    @Test
    void otherVersionsAreNamed() throws IOException {
        byte[] newer = Miniature.resource("setid.mat");
        newer[125] = 2;
        assertEquals(
                " is a MATLAB file of version 7.3, expected version 6 or 7, as the data set has it", refusal(newer));
        assertEquals(" is no MATLAB file of version 6 or 7", refusal(new byte[200]));
        assertEquals(" is cut off (5 bytes), expected a MATLAB file", refusal(new byte[5]));
    }

    private MatFile mat(String name) throws IOException {
        Miniature.resource(name, folder.resolve(name));
        return MatFile.read(folder.resolve(name));
    }

    private static String refusal(MatFile file, String variable) {
        return assertThrows(BadInputException.class, () -> file.wholes(variable))
                .getMessage();
    }

    private String refusal(byte[] bytes) throws IOException {
        Path file = folder.resolve("bad.mat");
        Files.write(file, bytes);
        String said =
                assertThrows(BadInputException.class, () -> MatFile.read(file)).getMessage();
        return said.substring(said.indexOf(':') + 1);
    }

    /// Reading throws what a person reads, and nothing else.
    private void requireRefusalOrLess(byte[] bytes) throws IOException {
        Path file = folder.resolve("bad.mat");
        Files.write(file, bytes);
        try {
            MatFile.read(file);
        } catch (BadInputException e) {
            assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
            assertTrue(e.getMessage().lines().count() == 1, e.getMessage());
        }
    }
}
