package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.runtime.cudart.CudaRuntime;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where an engine computes.
public sealed interface Device {
    Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,3}))?");

    /// Host cores and host memory.
    record Cpu() implements Device {
        @Override
        public String toString() {
            return "cpu";
        }
    }

    /// An NVIDIA device by its number.
    record Cuda(int ordinal) implements Device {
        @Override
        public String toString() {
            return "cuda:" + ordinal;
        }
    }

    /// The first CUDA device, if it can be used, else host cores.
    record Auto() implements Device {
        @Override
        public String toString() {
            return "auto";
        }
    }

    /// A device and why it is not a faster one.
    record Choice(Device device, Optional<String> reason) {}

    /// Reads `cpu`, `cuda:N`, `cuda` (the first) or `auto`.
    ///
    /// @throws BadInputException for anything else
    static Device parse(String text) {
        if (text.equals("cpu")) {
            return new Cpu();
        }
        if (text.equals("auto")) {
            return new Auto();
        }
        var cuda = CUDA.matcher(text);
        if (cuda.matches()) {
            return new Cuda(cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1)));
        }
        throw new BadInputException(
                Text.format("device '%s' is unknown; choose cpu, cuda:N (N a number) or auto", text));
    }

    /// What a word stands for on this machine.
    ///
    /// @param localRank number of this process among those of the machine: words without a number give each its own
    ///     device, in turn where there are fewer
    /// @throws BadInputException for a word that [#parse] does not know, and a device that cannot be used
    static Choice choose(String text, int localRank) {
        return switch (parse(text)) {
            case Auto _ -> choose(localRank);
            case Cpu cpu -> new Choice(cpu, Optional.empty());
            case Cuda cuda -> new Choice(text.equals("cuda") ? usable(localRank) : require(cuda), Optional.empty());
        };
    }

    private static Cuda usable(int localRank) {
        var first = new Cuda(0);
        NativeLibrary.requireCuda(first);
        var count = CudaRuntime.open(first.ordinal()).devices();
        return localRank % count == 0 ? first : require(new Cuda(localRank % count));
    }

    private static Cuda require(Cuda device) {
        NativeLibrary.requireCuda(device);
        CudaRuntime.open(device.ordinal());
        return device;
    }

    /// What `auto` stands for on this machine.
    static Choice choose(int localRank) {
        try {
            return new Choice(usable(localRank), Optional.empty());
        } catch (BadInputException e) {
            return new Choice(new Cpu(), Optional.of(String.valueOf(e.getMessage())));
        }
    }
}
