package dev.lejepa.tools.cli;

import dev.lejepa.graphs.OutputFile;
import dev.lejepa.graphs.TemporaryFolder;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.UserCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/// Where features are kept from one evaluation to the next: in the folder of its results, else in the user's cache, and
/// where that cannot be written nowhere.
///
/// @param path of the folder, which is there
/// @param temporary the folder, where it does not stay
record FeatureCache(Path path, Optional<TemporaryFolder> temporary) implements AutoCloseable {
    static FeatureCache open(Optional<Path> out, Consumer<String> notes) throws IOException {
        if (out.isPresent()) {
            return new FeatureCache(Files.createDirectories(out.get().resolve("features")), Optional.empty());
        }
        var folder = UserCache.folder("features");
        try {
            OutputFile.requireWritable(Files.createDirectories(folder));
            return new FeatureCache(folder, Optional.empty());
        } catch (IOException e) {
            notes.accept(
                    Text.format("note: features are not kept, as %s cannot be written; --out DIR keeps them", folder));
            return apart();
        }
    }

    /// One that does not stay.
    static FeatureCache apart() throws IOException {
        var temporary = TemporaryFolder.create("lejepa-features");
        return new FeatureCache(temporary.path(), Optional.of(temporary));
    }

    @Override
    public void close() throws IOException {
        if (temporary.isPresent()) {
            temporary.get().close();
        }
    }
}
