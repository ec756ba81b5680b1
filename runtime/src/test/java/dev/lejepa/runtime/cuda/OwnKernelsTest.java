package dev.lejepa.runtime.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lejepa.runtime.cudart.Nvrtc;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OwnKernelsTest {
    private static final String REST =
            "everything works, but a step takes about twice as long and more memory, as ONNX Runtime's kernels compute attention and what lies between products";

    private final List<String> words = new ArrayList<>();

    private static CudaOperators operators(Nvrtc compiler) {
        return new CudaOperators(compiler, "sm_90", new Numerics(false, false), Optional.empty());
    }

    @Test
    void anOlderDeviceHasNoneAndIsToldWhatThatCosts() {
        assertTrue(OwnKernels.open("sm_75", OwnKernelsTest::operators, Nvrtc::open, words::add)
                .isEmpty());
        assertEquals(
                List.of(
                        "kernels of ours need an NVIDIA device of compute capability 8.0 (sm_80) or newer, this one is sm_75: "
                                + REST),
                words);
    }

    @Test
    void withoutTheCompilerThereAreNoneAndItIsNamed() {
        assertTrue(OwnKernels.open("sm_90", OwnKernelsTest::operators, Optional::empty, words::add)
                .isEmpty());
        assertEquals(
                List.of("libnvrtc.so.13 (NVRTC, CUDA's compiler) cannot be loaded, so there are no kernels of ours: "
                        + REST + "; install it, or name its folder in LD_LIBRARY_PATH"),
                words);
    }

    @Test
    void aCompilerThatDoesNotKnowTheDeviceIsFoundOutBeforeAnythingRuns() {
        var compiler = Nvrtc.open();
        assumeTrue(compiler.isPresent(), "libnvrtc.so.13 is not in the library path");
        assertTrue(OwnKernels.open("sm_90", OwnKernelsTest::operators, () -> compiler, words::add)
                .isPresent());
        assertEquals(List.of(), words);
        assertTrue(OwnKernels.open("sm_999", OwnKernelsTest::operators, () -> compiler, words::add)
                .isEmpty());
        assertTrue(words.getFirst().startsWith("libnvrtc.so.13 compiles nothing for this device"), words.getFirst());
    }
}
