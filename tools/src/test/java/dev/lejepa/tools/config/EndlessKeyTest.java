package dev.lejepa.tools.config;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndlessKeyTest {
    @Test
    void keyOfAHundredThousandPartsIsUnknownAndNoMore() {
        var key = "a.".repeat(100_000) + "b";
        var message = assertThrows(
                        BadInputException.class, () -> RecipeFile.parse("recipe", "seed: 1", List.of(key + "=1")))
                .getMessage();
        assertTrue(message.startsWith("recipe: --set a.a.a.a."), message.substring(0, 100));
    }
}
