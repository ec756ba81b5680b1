package dev.lejepa.tools.config;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The text of a recipe: a file, or what comes through a pipe (`--config <(...)`, `/dev/stdin`).
final class RecipeText {
    private static final int MOST_BYTES = 1 << 20;
    /// What a pipe may take; where nobody writes to it, this ends the waiting.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int FILE_KIND = 0xF000;
    private static final int PIPE = 0x1000;

    private RecipeText() {}

    static String read(Path file) throws IOException {
        return read(file, PATIENCE);
    }

    /// @param patience how long a pipe is waited for
    static String read(Path file, Duration patience) throws IOException {
        if (Files.isRegularFile(file)) {
            return decode(file, bytes(file));
        }
        if (!Files.exists(file)) {
            throw new BadInputException(PathText.shown(file) + ": no such recipe");
        }
        if (Files.isDirectory(file)) {
            throw new BadInputException(PathText.shown(file) + ": is a folder where a recipe (YAML) is expected");
        }
        if (!isPipe(file)) {
            throw new BadInputException(
                    PathText.shown(file) + ": is a device or socket where a recipe (YAML) is expected");
        }
        return decode(file, piped(file, patience));
    }

    private static boolean isPipe(Path file) throws IOException {
        return file.getFileSystem().supportedFileAttributeViews().contains("unix")
                && Files.getAttribute(file, "unix:mode") instanceof Integer mode
                && (mode & FILE_KIND) == PIPE;
    }

    private static byte[] bytes(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new BadInputException(Text.format("%s: is longer than %d bytes, no recipe is", file, MOST_BYTES));
            }
            return bytes;
        }
    }

    /// Opening a pipe and reading from it cannot be interrupted, so that a thread of its own does it.
    private static byte[] piped(Path file, Duration patience) throws IOException {
        var task = new FutureTask<>(() -> bytes(file));
        Thread.ofPlatform().daemon().name("recipe").start(task);
        try {
            return task.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new BadInputException(
                    Text.format("%s: is a pipe that gave no whole recipe within %s s", file, patience.toSeconds()), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BadInputException refusal) {
                throw refusal;
            }
            throw new IOException(Text.format("%s: cannot be read: %s", file, e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(PathText.shown(file) + ": interrupted while reading", e);
        }
    }

    /// UTF-8, or UTF-16 where its mark stands first.
    private static String decode(Path file, byte[] bytes) {
        Charset charset = bytes.length >= 2 && (isMark(bytes, 0xFE, 0xFF) || isMark(bytes, 0xFF, 0xFE))
                ? StandardCharsets.UTF_16
                : StandardCharsets.UTF_8;
        CharsetDecoder decoder = charset.newDecoder();
        var in = ByteBuffer.wrap(bytes);
        var out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        String text = out.flip().toString();
        if (result.isError()) {
            throw new BadInputException(Text.format(
                    "%s: line %d: not a recipe, its text is not %s",
                    file, text.chars().filter(c -> c == '\n').count() + 1, charset));
        }
        return text;
    }

    private static boolean isMark(byte[] bytes, int first, int second) {
        return Byte.toUnsignedInt(bytes[0]) == first && Byte.toUnsignedInt(bytes[1]) == second;
    }
}
