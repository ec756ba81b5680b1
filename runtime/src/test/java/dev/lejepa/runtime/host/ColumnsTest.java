package dev.lejepa.runtime.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ColumnsTest {
    @Test
    void tilesOfTensorsBeyondTheRangeOfIntegersBeginWhereTheyAre() {
        var columns = Columns.of(new long[] {9, 65_536, 4096});
        var last = columns.tile(columns.tiles() - 1);
        assertEquals(8L * 65_536 * 4096 + 4096 - Columns.WIDTH, last.start());
        assertEquals(Columns.WIDTH, last.width());
    }

    @Test
    void lastTileOfAGroupHasTheRest() {
        var columns = Columns.of(new long[] {2, 5, 21});
        assertEquals(4, columns.tiles());
        assertEquals(new Columns.Tile(5 * 21 + 16, 5), columns.tile(3));
        assertEquals(5 * 21 + 16 + 2 * 21, columns.at(columns.tile(3), 2));
    }
}
