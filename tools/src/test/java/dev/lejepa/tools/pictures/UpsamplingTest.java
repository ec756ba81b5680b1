package dev.lejepa.tools.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class UpsamplingTest {
    @Test
    void aConstantStaysOne() {
        var grid = new double[16];
        Arrays.fill(grid, 0.3);
        assertEquals(
                0,
                Arrays.stream(new Upsampling(4, 37).enlarge(grid))
                        .map(v -> v - 0.3)
                        .map(Math::abs)
                        .max()
                        .orElse(1),
                1e-12);
        assertEquals(7, new Upsampling(1, 5).enlarge(new double[] {7})[24], 1e-12);
    }

    /// Cubic convolution reproduces straight lines where all its cells are there.
    @Test
    void aRampStaysARampInside() {
        var cells = 8;
        var grid = new double[cells * cells];
        for (var i = 0; i < grid.length; i++) {
            grid[i] = i % cells;
        }
        var pixels = 32;
        var large = new Upsampling(cells, pixels).enlarge(grid);
        for (var x = 8; x < 24; x++) {
            assertEquals((x + 0.5) * cells / pixels - 0.5, large[5 * pixels + x], 1e-12);
        }
    }
}
