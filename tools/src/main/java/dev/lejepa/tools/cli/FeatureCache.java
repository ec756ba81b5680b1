package dev.lejepa.tools.cli;

import dev.lejepa.graphs.OutputFile;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.TemporaryFolder;
import dev.lejepa.graphs.Text;
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
        var folder = usersCache().resolve("features");
        try {
            OutputFile.requireWritable(Files.createDirectories(folder));
            return new FeatureCache(folder, Optional.empty());
        } catch (IOException e) {
            notes.accept(
                    Text.format("note: features are not kept, as %s cannot be written; --out DIR keeps them", folder));
            var temporary = TemporaryFolder.create("lejepa-features");
            return new FeatureCache(temporary.path(), Optional.of(temporary));
        }
    }

    /// By the rules of freedesktop.org.
    private static Path usersCache() {
        var given = System.getenv("XDG_CACHE_HOME");
        var base = given == null || given.isEmpty()
                ? PathText.path(System.getProperty("user.home", "")).resolve(".cache")
                : PathText.path(given);
        return base.resolve("lejepa");
    }

    @Override
    public void close() throws IOException {
        if (temporary.isPresent()) {
            temporary.get().close();
        }
    }
}
