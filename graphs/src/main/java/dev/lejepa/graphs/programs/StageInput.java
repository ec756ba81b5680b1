package dev.lejepa.graphs.programs;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
import dev.lejepa.graphs.nn.Distribution;
import dev.lejepa.graphs.nn.Pixels;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An input of a stage as the manifest has it; `is` says which of these it is. Dimensions are `-1` for the free batch.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(value = StageInput.State.class, name = "state"),
    @JsonSubTypes.Type(value = StageInput.Views.class, name = "views"),
    @JsonSubTypes.Type(value = StageInput.Crops.class, name = "crops"),
    @JsonSubTypes.Type(value = StageInput.Labels.class, name = "labels"),
    @JsonSubTypes.Type(value = StageInput.Draw.class, name = "draw"),
    @JsonSubTypes.Type(value = StageInput.Rate.class, name = "scalar"),
    @JsonSubTypes.Type(value = StageInput.StepNumber.class, name = "step"),
    @JsonSubTypes.Type(value = StageInput.Handed.class, name = "handed"),
    @JsonSubTypes.Type(value = StageInput.Data.class, name = "data")
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface StageInput {
    /// How rows that are views are numbered, with `V` the views of this input.
    String ROWS = "n*V+v";

    String name();

    String dtype();

    List<Long> shape();

    /// Its word in the manifest.
    default String word() {
        return switch (this) {
            case State _ -> "state";
            case Views _ -> "views";
            case Crops _ -> "crops";
            case Labels _ -> "labels";
            case Draw _ -> "draw";
            case Rate _ -> "scalar";
            case StepNumber _ -> "step";
            case Handed _ -> "handed";
            case Data _ -> "data";
        };
    }

    /// Whether whoever trains brings it: it is no state, is not counted, and no other stage makes it.
    @JsonIgnore
    default boolean isFed() {
        return switch (this) {
            case State _, StepNumber _, Handed _ -> false;
            case Views _, Crops _, Labels _, Draw _, Rate _, Data _ -> true;
        };
    }

    /// A tensor that outlives a step.
    ///
    /// @param state its name among the states
    record State(String name, String state, String dtype, List<Long> shape) implements StageInput {}

    /// Images or views of them.
    ///
    /// @param size pixels per side
    /// @param views numbers of the views of each image that it holds; none for whole images
    /// @param rows how rows are numbered: [#ROWS], or `n` for whole images
    /// @param normalize what the graph makes of views that come as bytes: `(level / 255 - mean) / std` for each color
    record Views(
            String name,
            String dtype,
            List<Long> shape,
            int size,
            @JsonSetter(nulls = Nulls.SET) @Nullable List<Integer> views,
            String rows,
            @JsonSetter(nulls = Nulls.SET) Pixels.@Nullable Levels normalize)
            implements StageInput {}

    /// Parts of images, cut out for views: bytes `[rows, canvas, canvas, 3]`, each in the top left corner.
    ///
    /// @param canvas pixels per side
    record Crops(
            String name,
            String dtype,
            List<Long> shape,
            @JsonProperty("size") int canvas,
            List<Integer> views,
            String rows)
            implements StageInput {}

    /// The class of each image.
    ///
    /// @param rows always `n`
    record Labels(String name, String dtype, List<Long> shape, String rows) implements StageInput {}

    /// Random numbers, drawn anew every step.
    ///
    /// @param views for rows of views: their numbers
    /// @param rows for rows of views: [#ROWS]
    /// @param distribution of all elements, where they have one
    /// @param columns what each column holds, where they differ
    record Draw(
            String name,
            String dtype,
            List<Long> shape,
            @JsonSetter(nulls = Nulls.SET) @Nullable List<Integer> views,
            @JsonSetter(nulls = Nulls.SET) @Nullable String rows,
            @JsonSetter(nulls = Nulls.SET) @Nullable Distribution distribution,
            @JsonSetter(nulls = Nulls.SET) @Nullable List<Column> columns)
            implements StageInput {}

    /// One column of a draw.
    ///
    /// @param distribution where it is drawn by itself
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Column(
            String name,
            @JsonSetter(nulls = Nulls.SET) @Nullable Distribution distribution) {}

    /// The learning rate of a group; 0 dimensions.
    record Rate(String name, String dtype, List<Long> shape, String group) implements StageInput {}

    /// The number of the step, completed ones and 1, in host memory of the input's own, written before every run: the
    /// graph counts it up.
    record StepNumber(String name, String dtype, List<Long> shape) implements StageInput {}

    /// What an earlier stage of the same step made, under the same name.
    ///
    /// @param rows for rows of views: [#ROWS]. Stages that run for each micro-batch then make or read that one's rows,
    /// the
    ///     others those of the whole batch
    record Handed(
            String name,
            String dtype,
            List<Long> shape,
            @JsonSetter(nulls = Nulls.SET) @Nullable String rows) implements StageInput {}

    /// A tensor that whoever trains knows how to fill; no recipe has such inputs.
    record Data(String name, String dtype, List<Long> shape) implements StageInput {}
}
