package dev.lejepa.graphs.programs;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.JsonNode;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.onnx.Target;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What `manifest.json` of a bundle says: all that a stranger needs to train with the graphs beside it.
///
/// @param format always `lejepa-bundle`
/// @param version of this form, 1
/// @param target `portable` or `ort`
/// @param device that the graphs were made for, `cpu` or `cuda`; `cpu` where a manifest does not say
/// @param recipe the resolved recipe; empty for a network of one's own
/// @param states everything that outlives a step
/// @param groups what the optimizer does with the parameters of each group
/// @param stages the graphs that make up a step, in order
/// @param evaluate the graph that maps images to embeddings and, with a probe, to logits; networks of one's own may have
///     none
/// @param encoder the encoder for inference with its parameters and buffers as inputs, for target `portable` whatever
///     the others are for; fixing them makes a file for inference. Networks of one's own may have none
/// @param heldOut the graph that maps the views of images to their projections in evaluation mode; networks of one's own
///     have none
/// @param augment the graph that makes views of crops, where it is no stage of a step; networks of one's own have none
/// @param microBatches where a step is cut
@JsonPropertyOrder({
    "format",
    "version",
    "target",
    "device",
    "recipe",
    "states",
    "groups",
    "stages",
    "evaluate",
    "encoder",
    "held_out",
    "augment",
    "micro_batches"
})
public record Manifest(
        String format,
        int version,
        String target,
        @JsonSetter(nulls = Nulls.SET) @Nullable String device,
        JsonNode recipe,
        List<State> states,
        List<Group> groups,
        List<Stage> stages,

        @JsonSetter(nulls = Nulls.SET) @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        Stage evaluate,

        @JsonSetter(nulls = Nulls.SET) @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        Stage encoder,

        @JsonProperty("held_out") @JsonSetter(nulls = Nulls.SET) @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        Stage heldOut,

        @JsonSetter(nulls = Nulls.SET) @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        Stage augment,

        @JsonProperty("micro_batches")
        @JsonSetter(nulls = Nulls.SET)
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        MicroBatches microBatches) {
    public static final String FORMAT = "lejepa-bundle";
    public static final int VERSION = 1;

    /// Whether the graphs were made for a CUDA device.
    @JsonIgnore
    public boolean forCuda() {
        return Target.CUDA.device().equals(device);
    }

    /// The stages of a step and those graphs beside them that there are.
    @JsonIgnore
    public List<Stage> graphs() {
        var beside = Stream.of(evaluate, encoder, heldOut, augment).filter(Objects::nonNull);
        return Stream.concat(stages.stream(), beside).toList();
    }

    /// Pixels per side of the images that the graph of evaluation reads.
    ///
    /// @throws BadInputException if there is no such graph, or it reads no images
    public int evaluationSize() {
        return Stream.ofNullable(evaluate)
                .flatMap(e -> e.inputs().stream())
                .filter(StageInput.Views.class::isInstance)
                .map(i -> ((StageInput.Views) i).size())
                .findFirst()
                .orElseThrow(() -> new BadInputException("the bundle's manifest has no evaluate that reads images"));
    }

    /// What is fed in every step: inputs of its stages that are neither states nor steps and that no earlier stage
    /// writes.
    @JsonIgnore
    public List<StageInput> fed() {
        var written = new HashSet<String>();
        var fed = new ArrayList<StageInput>();
        for (var stage : stages) {
            stage.inputs().stream()
                    .filter(i -> i.isFed() && written.add(i.name()))
                    .forEach(fed::add);
            stage.outputs().stream()
                    .filter(StageOutput.Views.class::isInstance)
                    .map(StageOutput::name)
                    .forEach(written::add);
        }
        return fed;
    }

    /// The state of this name.
    public Optional<State> state(String name) {
        return states.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    /// What a state is for.
    public enum Role {
        @JsonProperty("parameter")
        PARAMETER,
        @JsonProperty("moment1")
        MOMENT1,
        @JsonProperty("moment2")
        MOMENT2,
        @JsonProperty("gradient")
        GRADIENT,
        @JsonProperty("buffer")
        BUFFER,
        @JsonProperty("step")
        STEP,
        @JsonProperty("copy")
        COPY
    }

    /// A tensor that outlives a step. Parameters and buffers start as `init.safetensors` has them, copies as their
    /// parameters rounded to the copy's element type, all else as zeros.
    ///
    /// @param name unique; parameters and buffers have timm's and torch's names
    /// @param of the parameter that a moment, gradient or copy belongs to
    /// @param group the group of a parameter
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record State(
            String name,
            Role role,
            String dtype,
            List<Long> shape,
            @JsonSetter(nulls = Nulls.SET) @Nullable String of,
            @JsonSetter(nulls = Nulls.SET) @Nullable String group) {}

    /// A parameter group.
    ///
    /// @param weightDecay decoupled, a constant of the optimizer's nodes as are betas and eps
    /// @param lr the schedule of the group's learning rate
    public record Group(
            String name, @JsonProperty("weight_decay") double weightDecay, List<Double> betas, double eps, Rate lr) {}

    /// Linear warm-up from `start base` over `warmup_epochs`, then a cosine to `final base` at the end of `epochs`.
    public record Rate(
            double base,
            @JsonProperty("warmup_epochs") double warmupEpochs,
            @JsonProperty("warmup_start") double warmupStart,
            double epochs,
            @JsonProperty("final") double finalFraction) {
        /// A learning rate that stays as it is.
        public static Rate constant(double base) {
            return new Rate(base, 0, 1, 1, 1);
        }
    }

    /// One graph and what to bind to it.
    ///
    /// @param runs how often in a step; once where the manifest does not say
    /// @param repeats the stage whose results this one gives once more, and may stand in for
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Stage(
            String name,
            String graph,
            @JsonSetter(nulls = Nulls.SET) @Nullable Runs runs,
            @JsonSetter(nulls = Nulls.SET) @Nullable String repeats,
            List<StageInput> inputs,
            List<StageOutput> outputs) {
        /// A stage that runs once a step.
        public Stage(String name, String graph, List<StageInput> inputs, List<StageOutput> outputs) {
            this(name, graph, null, null, inputs, outputs);
        }

        /// Whether it runs for each micro-batch.
        @JsonIgnore
        public boolean perMicroBatch() {
            return runs == Runs.MICRO_BATCH;
        }
    }

    /// How often a stage runs in a step.
    public enum Runs {
        @JsonProperty("step")
        STEP,
        /// Neighbors of this kind run one after the other for the first micro-batch, then for the next.
        @JsonProperty("micro_batch")
        MICRO_BATCH
    }

    /// Into how many parts a process cuts its images of a step.
    ///
    /// @param images of each; the last is filled up where there are fewer
    public record MicroBatches(int count, int images) {}
}
