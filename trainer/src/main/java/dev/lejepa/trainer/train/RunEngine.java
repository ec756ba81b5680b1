package dev.lejepa.trainer.train;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.programs.Parts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What computes a run, kept in its folder as `engine.json`: it may decide in which order sums are added, and so the
/// last digits of all numbers.
///
/// @param device `cpu` or `cuda:N`
/// @param threads of the engine
/// @param processor as the machine names it, so its instruction set; empty where it does not tell
/// @param versions null in runs that were begun before they were kept
/// @param ranks processes that share each batch; null for one
/// @param microBatches of each process's share; null for one
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"device", "threads", "processor", "versions", "ranks", "micro_batches"})
public record RunEngine(
        String device,
        int threads,
        String processor,

        @JsonInclude(JsonInclude.Include.ALWAYS) @JsonSetter(nulls = Nulls.SET) @Nullable
        RunVersions versions,

        @JsonSetter(nulls = Nulls.SET) @Nullable Integer ranks,

        @JsonProperty("micro_batches") @JsonSetter(nulls = Nulls.SET) @Nullable
        Integer microBatches) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private static final String MODEL = "model name";

    public RunEngine {
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(processor, "processor");
        if (threads < 1) {
            throw new IllegalArgumentException(Text.format("threads is %d, expected at least 1", threads));
        }
    }

    /// One on this machine.
    public static RunEngine here(String device, int threads, RunVersions versions, Parts parts) {
        return new RunEngine(
                device, threads, processorName(), versions, noted(parts.ranks()), noted(parts.microBatches()));
    }

    /// That of a run; nothing where it has none.
    ///
    /// @throws dev.lejepa.graphs.BadInputException if the file is damaged
    public static Optional<RunEngine> read(RunFolder folder) throws IOException {
        return RunJson.read(folder.engine(), RunEngine.class);
    }

    /// Writes it into a run's folder.
    public void write(RunFolder folder) throws IOException {
        RunJson.write(folder.engine(), this);
    }

    /// What differs from the one that a run has had so far and changes the bits of its sums; one clause each.
    public List<String> changesSince(RunEngine before) {
        var changes = new ArrayList<String>();
        if (!kind(device).equals(kind(before.device))) {
            changes.add(Text.format("it computed on %s, now on %s", before.device, device));
        } else if (kind(device).equals("cpu")) {
            if (threads != before.threads) {
                changes.add(Text.format("it computed with %d threads, now with %d", before.threads, threads));
            }
            if (!processor.equals(before.processor)) {
                changes.add(Text.format("it computed on '%s', now on '%s'", before.processor, processor));
            }
        }
        if (parts(ranks) != parts(before.ranks)) {
            changes.add(Text.format("%d processes shared its batches, now %d", parts(before.ranks), parts(ranks)));
        }
        if (parts(microBatches) != parts(before.microBatches)) {
            changes.add(Text.format(
                    "its micro-batches were %d a step, now they are %d",
                    parts(before.microBatches), parts(microBatches)));
        }
        return changes;
    }

    private static @Nullable Integer noted(int parts) {
        return parts == 1 ? null : parts;
    }

    private static int parts(@Nullable Integer noted) {
        return noted == null ? 1 : noted;
    }

    /// Without the number.
    private static String kind(String device) {
        return device.contains(":") ? device.substring(0, device.indexOf(':')) : device;
    }

    private static String processorName() {
        try (var lines = Files.lines(CPU_INFO)) {
            return lines.filter(line -> line.startsWith(MODEL))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
