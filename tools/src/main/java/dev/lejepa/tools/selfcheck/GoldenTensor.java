package dev.lejepa.tools.selfcheck;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What a case says of one of its tensors.
///
/// @param name as graphs know it, such as `grad/blocks.0.attn.qkv.weight`
/// @param role what it is for
/// @param file of the elements, in the case's folder
/// @param float32Error `max |f32 - f64| / max |f64|` of the reference run in single precision; 0 where it is not told
/// @param float32Result name of the tensor that holds that run's result, where it is stored
/// @param exactZero whether the true value is zero and what is stored is rounding noise
record GoldenTensor(
        String name,
        Role role,
        String file,
        String dtype,
        List<Long> shape,
        double float32Error,
        Optional<String> float32Result,
        boolean exactZero) {
    /// What a tensor of a case is for.
    enum Role {
        INPUT,
        PARAM,
        EXPECTED,
        FLOAT32_RESULT;

        static Role of(Params entry) {
            var word = entry.text("role");
            return Arrays.stream(values())
                    .filter(r -> r.name().equalsIgnoreCase(word))
                    .findFirst()
                    .orElseThrow(() -> new BadInputException(Text.format(
                            "tensor '%s' has the role '%s', expected one of %s",
                            entry.text("name"), word, Arrays.toString(values()))));
        }
    }

    boolean isInteger() {
        return dtype.startsWith("int") || dtype.startsWith("uint");
    }
}
