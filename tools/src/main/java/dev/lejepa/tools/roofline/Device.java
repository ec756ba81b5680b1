package dev.lejepa.tools.roofline;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.cost.Speed;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// A device by what it reaches. Named ones: four fifths of the tensor cores' peak in bfloat16 without sparsity, nine
/// tenths of the memory's bandwidth (both from NVIDIA's data sheets), as long products and copies do, and two
/// microseconds for each kernel.
///
/// @param name for people
/// @param speed products are those of bfloat16; those of float32 are rounded to TF32 and take twice as long
/// @param architecture for instance `sm_90`
public record Device(String name, Speed speed, String architecture) {
    private static final double OF_PRODUCTS = 0.8;
    private static final double OF_BANDWIDTH = 0.9;
    private static final double LAUNCH_SECONDS = 2e-6;
    private static final String HOPPER = "sm_90";

    private enum Named {
        H200("H200", 989, 67, 4800, HOPPER),
        H100("H100", 989, 67, 3350, HOPPER),
        A100("A100", 312, 19.5, 2039, "sm_80"),
        L4("L4", 121, 30.3, 300, "sm_89"),
        RTX4090("RTX 4090", 165, 82.6, 1008, "sm_89");

        private final String label;
        private final double products;
        private final double others;
        private final double bandwidth;
        private final String architecture;

        /// @param products TFLOP/s of tensor cores in bfloat16 with float32 sums
        /// @param others TFLOP/s in float32 without tensor cores
        /// @param bandwidth GB/s
        Named(String label, double products, double others, double bandwidth, String architecture) {
            this.label = label;
            this.products = products;
            this.others = others;
            this.bandwidth = bandwidth;
            this.architecture = architecture;
        }

        private Device device() {
            return new Device(
                    label,
                    new Speed(
                            OF_PRODUCTS * products * 1e12,
                            OF_PRODUCTS * others * 1e12,
                            OF_BANDWIDTH * bandwidth * 1e9,
                            LAUNCH_SECONDS),
                    architecture);
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param text `h100`, `h200`, `a100`, `l4`, `rtx4090`, or `PEAK_TFLOPS,GB_PER_S,US_PER_LAUNCH`, which are taken as
    ///     they are; all operations are as fast as products there, and kernels are those of sm_90
    /// @throws BadInputException if it is neither
    public static Device of(String text) {
        return Arrays.stream(Named.values())
                .filter(n -> n.word().equals(text))
                .findFirst()
                .map(Named::device)
                .or(() -> numbers(text))
                .orElseThrow(() -> new BadInputException(Text.format(
                        "--roofline %s: must be one of %s, or PEAK_TFLOPS,GB_PER_S,US_PER_LAUNCH such as 990,3350,2",
                        text, Arrays.stream(Named.values()).map(Named::word).collect(Collectors.joining(", ")))));
    }

    /// The device that calls itself so, such as `NVIDIA H100 80GB HBM3`, if it is a known one.
    public static Optional<Device> called(String name) {
        var words = List.of(name.replace("RTX ", "RTX").toUpperCase(Locale.ROOT).split("[ -]"));
        return Arrays.stream(Named.values())
                .filter(n -> words.contains(n.name()))
                .findFirst()
                .map(Named::device);
    }

    private static Optional<Device> numbers(String text) {
        try {
            var numbers = Arrays.stream(text.split(",", -1))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            var possible = numbers.length == 3 && numbers[0] > 0 && numbers[1] > 0 && numbers[2] >= 0;
            if (possible && Arrays.stream(numbers).allMatch(Double::isFinite)) {
                var products = numbers[0] * 1e12;
                return Optional.of(new Device(
                        "device", new Speed(products, products, numbers[1] * 1e9, numbers[2] * 1e-6), HOPPER));
            }
        } catch (NumberFormatException e) {
            // told by the caller, as other texts are
        }
        return Optional.empty();
    }

    /// Operations a second that its tensor cores are sold with: what products reach is a part of it. For speeds that
    /// were
    /// given as numbers, as many as were given.
    double peak() {
        return named().map(n -> n.products * 1e12).orElse(speed.products());
    }

    private Optional<Named> named() {
        return Arrays.stream(Named.values()).filter(n -> n.label.equals(name)).findFirst();
    }

    /// Its speeds in one line.
    String describe() {
        return Text.format(
                "%s: products at %.0f TFLOP/s, memory at %.0f GB/s, %.1f us a launch",
                name, speed.products() / 1e12, speed.bytes() / 1e9, speed.launch() * 1e6);
    }
}
