package dev.lejepa.tools.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.trainer.image.RgbImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AttentionMapsTest {
    private static final int PIXELS = 40;
    private static final int HEADS = 2;

    /// A class token and 4 x 4 patches.
    private static final TokenGrid GRID = new TokenGrid(1, 4);

    private static final RgbImage GRAY = gray();

    private static RgbImage gray() {
        var rgb = new byte[3 * PIXELS * PIXELS];
        Arrays.fill(rgb, (byte) 100);
        return new RgbImage(PIXELS, PIXELS, rgb);
    }

    /// All queries share evenly, but for one of a head that looks at a single patch.
    private static float[] attention(int head, int query, int patch) {
        var tokens = GRID.tokens();
        var shares = new float[HEADS * tokens * tokens];
        Arrays.fill(shares, 1f / tokens);
        var row = (head * tokens + query) * tokens;
        Arrays.fill(shares, row, row + tokens, 0);
        shares[row + GRID.prefix() + patch] = 1;
        return shares;
    }

    /// The brightness in the middle of a patch.
    private static int light(RgbImage picture, int patch) {
        var rgb = picture.toArray();
        var at = 3 * ((patch / 4 * 10 + 5) * PIXELS + patch % 4 * 10 + 5);
        return (rgb[at] & 0xFF) + (rgb[at + 1] & 0xFF) + (rgb[at + 2] & 0xFF);
    }

    @Test
    void heatIsWhereTheClassTokenLooks() {
        var maps = new AttentionMaps(GRID, HEADS, true);
        var pictures = maps.pictures(attention(1, 0, 6), 0, GRAY);
        assertEquals(HEADS + 1, pictures.size());
        assertTrue(light(pictures.get(1), 6) > 2 * light(pictures.get(1), 9));
        assertEquals(light(pictures.get(0), 9), light(pictures.get(0), 6));
        assertTrue(light(pictures.get(2), 6) > 2 * light(pictures.get(2), 9), "the mean of both heads");
    }

    @Test
    void whatOtherTokensLookAtCountsOnlyWithoutAClassToken() {
        var shares = attention(0, 3, 6);
        var ofClassToken =
                new AttentionMaps(GRID, HEADS, true).pictures(shares, 0, GRAY).getFirst();
        assertEquals(light(ofClassToken, 9), light(ofClassToken, 6));
        var ofAll =
                new AttentionMaps(GRID, HEADS, false).pictures(shares, 0, GRAY).getFirst();
        assertTrue(light(ofAll, 6) > 2 * light(ofAll, 9));
    }
}
