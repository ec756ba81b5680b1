package dev.lejepa.graphs.random;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import java.util.StringJoiner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhiloxTest {
    /// The known answers that the authors' Random123 library publishes for philox4x32 with 10 rounds: counter words 0 to
    /// 3, key words 0 and 1, output words 0 to 3.
    @ParameterizedTest
    @CsvSource({
        "00000000 00000000 00000000 00000000, 00000000 00000000, 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
        "ffffffff ffffffff ffffffff ffffffff, ffffffff ffffffff, 408f276d 41c83b0e a20bc7c6 6d5451fd",
        "243f6a88 85a308d3 13198a2e 03707344, a4093822 299f31d0, d16cfe09 94fdcceb 5001e420 24126ea1"
    })
    void publishedKnownAnswersAreReproduced(String counter, String key, String expected) {
        int[] c = words(counter);
        int[] k = words(key);
        int[] out = new int[6];
        Philox.block(pair(k[0], k[1]), pair(c[2], c[3]), pair(c[0], c[1]), out, 1);
        StringJoiner found = new StringJoiner(" ");
        for (int i = 1; i <= Philox.WORDS; i++) {
            found.add(HexFormat.of().toHexDigits(out[i]));
        }
        assertEquals(expected, found.toString());
        assertEquals(0, out[0] | out[5], "words outside the block were written");
    }

    private static int[] words(String hex) {
        String[] parts = hex.strip().split(" ");
        int[] words = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            words[i] = HexFormat.fromHexDigits(parts[i]);
        }
        return words;
    }

    private static long pair(int low, int high) {
        return (low & 0xFFFFFFFFL) | ((long) high << 32);
    }
}
