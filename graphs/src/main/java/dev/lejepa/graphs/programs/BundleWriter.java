package dev.lejepa.graphs.programs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.lejepa.graphs.AtomicFile;
import dev.lejepa.graphs.Escapes;
import dev.lejepa.graphs.onnx.OnnxFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes a bundle into a folder: graphs, initial values, and last the manifest. Writing the same bundle twice gives the
/// same bytes.
public final class BundleWriter {
    private BundleWriter() {}

    /// With initial values that are functions of seed and name.
    ///
    /// @param folder made if it does not exist; files of an older bundle are replaced
    /// @return ONNX nodes in all graphs
    public static int write(Bundle bundle, Path folder) throws IOException {
        return write(bundle, new StartingValues.Drawn(), folder);
    }

    /// The same with initial values from wherever they come.
    public static int write(Bundle bundle, StartingValues start, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.deleteIfExists(folder.resolve(Bundle.MANIFEST));
        var nodes = 0;
        for (var e : bundle.files().entrySet()) {
            var model = e.getValue().lowered();
            OnnxFiles.write(model, folder.resolve(e.getKey()));
            nodes += model.nodes();
        }
        InitialValues.write(bundle, start, folder.resolve(Bundle.INIT));
        AtomicFile.writeText(folder.resolve(Bundle.MANIFEST), manifest(bundle.manifest()));
        return nodes;
    }

    private static String manifest(Manifest manifest) throws IOException {
        var json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        // Paths may hold bytes that are no text; in JSON these stand in strings alone.
        return Escapes.halfPairs(json.writeValueAsString(manifest)) + "\n";
    }
}
