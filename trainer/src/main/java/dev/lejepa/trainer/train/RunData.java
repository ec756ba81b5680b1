package dev.lejepa.trainer.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.lejepa.trainer.data.ImageCensus;
import dev.lejepa.trainer.data.ImageStore;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a run saw of its images, kept in its folder as `data.json`: order, draws, epochs and learning rates of the steps
/// to come follow from it.
///
/// @param probeClasses labels that the online probe tells apart; 0 where there is no probe
/// @param val null where no images are held out
@JsonPropertyOrder({"probe_classes", "train", "val"})
public record RunData(
        @JsonProperty("probe_classes") int probeClasses,
        ImageCensus train,
        @JsonSetter(nulls = Nulls.SET) @Nullable ImageCensus val) {
    public RunData {
        Objects.requireNonNull(train, "train");
    }

    /// That of images that have been opened.
    public static RunData of(TrainData data) {
        return new RunData(
                data.classes(),
                data.train().census(),
                data.val().map(ImageStore::census).orElse(null));
    }

    /// That of a run; nothing where it has none.
    ///
    /// @throws dev.lejepa.graphs.BadInputException if the file is damaged
    public static Optional<RunData> read(RunFolder folder) throws IOException {
        return RunJson.read(folder.data(), RunData.class);
    }

    /// Writes it into a run's folder.
    public void write(RunFolder folder) throws IOException {
        RunJson.write(folder.data(), this);
    }
}
