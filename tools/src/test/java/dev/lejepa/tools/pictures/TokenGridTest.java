package dev.lejepa.tools.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TokenGridTest {
    @Test
    void thePrefixIsWhatTheFileSaysOrWhatTheLargestSquareLeaves() {
        assertEquals(new TokenGrid(1, 14), TokenGrid.of(197, OptionalInt.empty()));
        assertEquals(new TokenGrid(5, 16), TokenGrid.of(261, OptionalInt.of(5)));
        assertEquals(new TokenGrid(0, 7), TokenGrid.of(49, OptionalInt.empty()));
    }

    @Test
    void tokensThatAreNoSquareAreRefused() {
        var refused = assertThrows(BadInputException.class, () -> TokenGrid.of(50, OptionalInt.of(0)));
        assertTrue(refused.getMessage().contains("50 tokens"), refused.getMessage());
    }
}
