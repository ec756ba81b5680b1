package dev.lejepa.runtime.ort;

import dev.lejepa.graphs.BadInputException;
import java.util.regex.Pattern;

/// Where an engine computes.
sealed interface Device {
    Pattern CUDA = Pattern.compile("cuda:(\\d{1,3})");

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

    /// Reads `cpu`, `cuda:N` or `auto` (the fastest that this build can use).
    ///
    /// @throws BadInputException for anything else
    static Device parse(String text) {
        if (text.equals("cpu") || text.equals("auto")) {
            return new Cpu();
        }
        var cuda = CUDA.matcher(text);
        if (cuda.matches()) {
            return new Cuda(Integer.parseInt(cuda.group(1)));
        }
        throw new BadInputException("device '%s' is unknown; choose cpu, cuda:N (N a number) or auto".formatted(text));
    }
}
