package dev.lejepa.graphs.programs;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An output of a stage as the manifest has it; `is` says which of these it is.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(value = StageOutput.Metric.class, name = "metric"),
    @JsonSubTypes.Type(value = StageOutput.Views.class, name = "views"),
    @JsonSubTypes.Type(value = StageOutput.State.class, name = "state"),
    @JsonSubTypes.Type(value = StageOutput.Handed.class, name = "handed")
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface StageOutput {
    String name();

    String dtype();

    List<Long> shape();

    /// A result to read.
    record Metric(String name, String dtype, List<Long> shape) implements StageOutput {}

    /// Views, which later stages of the step have as the input of this name.
    record Views(String name, String dtype, List<Long> shape) implements StageOutput {}

    /// The new value of a state.
    ///
    /// @param state its name among the states
    record State(String name, String state, Mode mode, String dtype, List<Long> shape) implements StageOutput {}

    /// What later stages of the step have as the input of this name.
    ///
    /// @param rows as [StageInput.Handed] has it
    record Handed(
            String name,
            String dtype,
            List<Long> shape,
            @JsonSetter(nulls = Nulls.SET) @Nullable String rows) implements StageOutput {}

    /// How an output changes a state.
    enum Mode {
        @JsonProperty("write")
        WRITE,
        /// The graph adds to what the state holds, which is zero before the first micro-batch of a step.
        @JsonProperty("accumulate")
        ACCUMULATE
    }
}
