package dev.lejepa.runtime.cudart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The compiler as the program calls it, over a library that compiles nothing.
class NvrtcTest {
    private static final List<String> OPTIONS = List.of("--gpu-architecture=sm_90");

    @TempDir
    Path folder;

    private final Arena arena = Arena.ofShared();

    @AfterEach
    void end() {
        arena.close();
    }

    private KernelCache cache() {
        return new KernelCache(folder.resolve("kernels"), _ -> {});
    }

    private static String compile(Nvrtc compiler, String source) {
        return new String(compiler.compile(source, "x.cu", OPTIONS), StandardCharsets.US_ASCII);
    }

    @Test
    void theNextProcessFindsWhatOneOfTheSameVersionCompiled() {
        var first = new FakeNvrtc(arena, 1);
        assertEquals("code a", compile(first.open(Optional.of(cache())), "a"));
        var second = new FakeNvrtc(arena, 1);
        assertEquals("code a", compile(second.open(Optional.of(cache())), "a"));
        assertEquals(List.of(), second.compiled);
        var newer = new FakeNvrtc(arena, 2);
        assertEquals("code a", compile(newer.open(Optional.of(cache())), "a"));
        assertEquals(List.of("a"), newer.compiled);
    }

    @Test
    void withoutACacheItCompilesEachTime() {
        var fake = new FakeNvrtc(arena, 1);
        var compiler = fake.open(Optional.empty());
        compile(compiler, "a");
        compile(compiler, "a");
        assertEquals(List.of("a", "a"), fake.compiled);
    }

    @Test
    void whatDoesNotCompileIsToldWithTheCompilersMessageAndNotKept() {
        var fake = new FakeNvrtc(arena, 1);
        var compiler = fake.open(Optional.of(cache()));
        fake.answer = 6;
        var thrown = assertThrows(CudaException.class, () -> compile(compiler, "a"));
        assertTrue(thrown.getMessage().contains("x.cu does not compile"), thrown.getMessage());
        assertTrue(thrown.getMessage().contains("a message of the compiler"), thrown.getMessage());
        fake.answer = 0;
        assertEquals("code a", compile(compiler, "a"));
    }

    @Test
    void whoAsksGetsWhatTheCompilerSaidOfCodeThatItMade() {
        var fake = new FakeNvrtc(arena, 1);
        var code = fake.open(Optional.of(cache())).compileAnew("a", "x.cu", OPTIONS);
        assertEquals("code a", new String(code.bytes(), StandardCharsets.US_ASCII));
        assertEquals("a message of the compiler", code.log());
    }

    @Test
    void tooLittleMemoryOfTheHostIsToldAsThat() {
        var fake = new FakeNvrtc(arena, 1);
        fake.answer = 1;
        var compiler = fake.open(Optional.empty());
        var thrown = assertThrows(CudaException.class, () -> compile(compiler, "a"));
        assertEquals("NVRTC found too little of the host's memory free to compile a kernel", thrown.getMessage());
    }
}
