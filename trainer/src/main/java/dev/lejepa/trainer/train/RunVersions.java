package dev.lejepa.trainer.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.image.ImageDecoder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The programs that a run was computed with.
///
/// @param program this one; null where it does not run from its archive, and so does not know
/// @param java the Java runtime and who made it
/// @param onnxRuntime ONNX Runtime
/// @param jpeg what decodes JPEG; null in runs that were begun before it was kept
/// @param system the operating system
@JsonPropertyOrder({"program", "java", "onnx_runtime", "jpeg", "system"})
public record RunVersions(
        @JsonSetter(nulls = Nulls.SET) @Nullable String program,
        String java,
        @JsonProperty("onnx_runtime") String onnxRuntime,
        @JsonSetter(nulls = Nulls.SET) @Nullable String jpeg,
        String system) {
    public RunVersions {
        Objects.requireNonNull(java, "java");
        Objects.requireNonNull(onnxRuntime, "onnx_runtime");
        Objects.requireNonNull(system, "system");
    }

    /// Those of this process.
    ///
    /// @param onnxRuntime its version, which the engine knows
    public static RunVersions here(String onnxRuntime) {
        return new RunVersions(
                RunVersions.class.getPackage().getImplementationVersion(),
                Text.format("%s (%s)", Runtime.version(), System.getProperty("java.vendor")),
                onnxRuntime,
                new ImageDecoder().jpegLibrary(),
                Text.format(
                        "%s %s, %s",
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        System.getProperty("os.arch")));
    }
}
