package dev.lejepa.graphs.pretrained;

import dev.lejepa.graphs.Text;
import java.util.List;

/// What became of a file of weights.
///
/// @param file its name
/// @param form how its names are written, and where in the file they stand
/// @param loaded tensors of the model that it gave
/// @param wanted tensors that the model has
/// @param notes what was changed, left out and missing
public record WeightsReport(String file, String form, int loaded, int wanted, List<String> notes) {
    public WeightsReport {
        notes = List.copyOf(notes);
    }

    /// All of it in one line.
    public String line() {
        var line = Text.format("%s: %d of %d tensors loaded (%s)", file, loaded, wanted, form);
        return notes.isEmpty() ? line : line + "; " + String.join("; ", notes);
    }
}
