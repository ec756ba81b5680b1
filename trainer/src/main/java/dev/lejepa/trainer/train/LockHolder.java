package dev.lejepa.trainer.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lejepa.graphs.Text;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// The process that writes into a folder, as other processes read it there.
///
/// @param host name of its machine, for people
/// @param boot what tells this machine, since it was last started, from all others
/// @param space names the process numbers of a container
/// @param pid number of the process
/// @param started when it did, in ticks since its machine was: numbers of processes are used again
/// @param since when it took the folder
/// @param token drawn when it took the folder
/// @param beat how often it has said since that it is still there
record LockHolder(
        String host, String boot, String space, long pid, String started, String since, String token, long beat) {
    /// More than any holder takes: the file is written over in place, by one write of always the same length.
    private static final int BYTES = 1024;

    /// Where `starttime` stands in `/proc/PID/stat`, counted behind the command's name.
    private static final int START_TIME = 19;

    private static JsonMapper mapper() {
        return JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
    }

    /// This process.
    static LockHolder self(Instant now) {
        return of(ProcessHandle.current().pid(), now);
    }

    /// A process of this machine that this one sees.
    static LockHolder of(long pid, Instant now) {
        return new LockHolder(
                line(Path.of("/proc/sys/kernel/hostname"), "unknown"),
                line(Path.of("/proc/sys/kernel/random/boot_id"), ""),
                processSpace(),
                pid,
                started(pid),
                now.truncatedTo(ChronoUnit.SECONDS).toString(),
                UUID.randomUUID().toString(),
                0);
    }

    /// The one that a file names; nothing where there is no file, or none that can be understood.
    static Optional<LockHolder> read(Path file) throws IOException {
        try {
            var holder = mapper().readValue(Files.readAllBytes(file), LockHolder.class);
            // Jackson leaves null what a file lacks
            return holder == null || holder.isIncomplete() ? Optional.empty() : Optional.of(holder);
        } catch (NoSuchFileException | JsonProcessingException | CharConversionException e) {
            return Optional.empty();
        }
    }

    private boolean isIncomplete() {
        return Stream.of(host, boot, space, started, since, token).anyMatch(Objects::isNull);
    }

    /// Writes it into a file.
    void write(Path file) throws IOException {
        var text = mapper().writeValueAsBytes(this);
        var bytes = ByteBuffer.allocate(Math.max(BYTES, text.length + 1));
        bytes.put(text);
        while (bytes.hasRemaining()) {
            bytes.put((byte) (bytes.remaining() == 1 ? '\n' : ' '));
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(bytes.flip(), 0);
            channel.force(false);
        }
    }

    LockHolder next() {
        return new LockHolder(host, boot, space, pid, started, since, token, beat + 1);
    }

    /// Whether both are on one machine that has not been started again between them.
    boolean sameBoot(LockHolder other) {
        return boot.equals(other.boot) && !boot.isEmpty();
    }

    /// Whether one can see the other by its number.
    boolean sees(LockHolder other) {
        return sameBoot(other) && space.equals(other.space);
    }

    boolean sameProcess(LockHolder other) {
        return sees(other) && pid == other.pid && started.equals(other.started);
    }

    /// Whether the process still runs, for one that sees it.
    boolean runs() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()
                && started(pid).equals(started);
    }

    /// Who it is, in the words of a message.
    String describe() {
        return Text.format("process %d on host '%s' since %s", pid, host, since);
    }

    private static String processSpace() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }

    /// Not the time that [ProcessHandle] tells: that jumps with the machine's clock.
    private static String started(long pid) {
        var stat = line(Path.of(Text.format("/proc/%d/stat", pid)), "");
        var fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
        return fields.length > START_TIME ? fields[START_TIME] : "";
    }

    private static String line(Path file, String otherwise) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            return otherwise;
        }
    }
}
