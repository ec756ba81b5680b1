package dev.lejepa.runtime.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lejepa.graphs.BadInputException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConvPlansTest {
    @Test
    void aMissingLibraryIsToldBeforeTheFirstConvolution() {
        try (var plans = new ConvPlans(false, Optional::empty)) {
            var thrown = assertThrows(BadInputException.class, plans::require);
            assertEquals(
                    "libcudnn.so.9 cannot be loaded: convolutions in bfloat16 need cuDNN 9; install it, or name its folder in LD_LIBRARY_PATH; train.precision=fp32 does without",
                    thrown.getMessage());
        }
    }
}
