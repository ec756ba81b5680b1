package dev.lejepa.runtime.cudart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lejepa.graphs.BadInputException;
import java.lang.foreign.Arena;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// cuDNN as the program calls it, over a library that computes nothing.
class CudnnTest {
    private final Arena arena = Arena.ofShared();

    @AfterEach
    void end() {
        arena.close();
    }

    @Test
    void aVersionThatIsTooOldIsToldWithWhatDoesWithout() {
        var old = new FakeCudnn(arena, 90_501);
        var thrown = assertThrows(BadInputException.class, old::library);
        assertEquals(
                "libcudnn.so.9 is cuDNN 9.5.1, convolutions in bfloat16 need 9.8.0 or newer; train.precision=fp32 does without",
                thrown.getMessage());
    }

    @Test
    void aDeviceThatItCannotDescribeLeavesNothingOpen() {
        var fake = new FakeCudnn(arena, Cudnn.OLDEST);
        var library = fake.library();
        var thrown = assertThrows(CudaException.class, () -> CudnnDevice.current(library));
        assertEquals("cudnnBackendFinalize: NOT_SUPPORTED (not today)", thrown.getMessage());
        assertEquals(Set.of(), fake.open);
    }
}
