package dev.lejepa.tools.export;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.programs.BackboneTensors;
import dev.lejepa.graphs.programs.Bundle;
import dev.lejepa.graphs.programs.EncoderFile;
import dev.lejepa.graphs.programs.EncoderRequest;
import dev.lejepa.graphs.programs.Manifest;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.safetensors.SafetensorsFile;
import dev.lejepa.graphs.safetensors.TensorInfo;
import dev.lejepa.runtime.checkpoint.Checkpoints;
import dev.lejepa.runtime.engine.BundleFolder;
import dev.lejepa.tools.config.RecipeFile;
import dev.lejepa.trainer.train.RunFolder;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The encoder of a bundle, with the parameters trained, or to be trained, with it.
///
/// @param parameters open
/// @param inputs all files of the run or bundle that others read, that one among them
public record BundleEncoder(BundleFolder bundle, SafetensorsFile parameters, List<Path> inputs)
        implements ExportedEncoder {
    /// The newest checkpoint of a run.
    public static BundleEncoder run(Path folder) throws IOException {
        var run = new RunFolder(folder);
        run.requireRun();
        var newest = new Checkpoints(folder)
                .newest()
                .orElseThrow(() -> new BadInputException(Text.format("%s: the run has no checkpoint yet", folder)));
        newest.checkDigests();
        var bundle = BundleFolder.read(run.bundle());
        var own = Stream.concat(Stream.of(run.recipe(), run.metrics()), newest.files().stream());
        return new BundleEncoder(
                bundle,
                SafetensorsFile.open(newest.model()),
                Stream.concat(own, files(bundle)).toList());
    }

    /// The initial parameters of a bundle.
    public static BundleEncoder bundle(Path folder) throws IOException {
        var bundle = BundleFolder.read(folder);
        return new BundleEncoder(
                bundle,
                SafetensorsFile.open(bundle.file(Bundle.INIT)),
                files(bundle).toList());
    }

    private static Stream<Path> files(BundleFolder bundle) {
        return Stream.concat(
                        Stream.of(Bundle.MANIFEST, Bundle.INIT),
                        bundle.manifest().graphs().stream().map(Manifest.Stage::graph))
                .map(bundle::file);
    }

    /// The encoder that the bundle has, where nothing else is asked for. Any other graph only a recipe can make; that
    /// is also where the bundle was made before bundles had one.
    ///
    /// @throws BadInputException if the bundle is of no recipe, or its backbone has not what is asked for
    @Override
    public EncoderFile encoder(EncoderRequest request) throws IOException {
        var manifest = bundle.manifest();
        if (request.isPlain()
                && (manifest.encoder() != null || manifest.recipe().isEmpty())) {
            return bundle.encoder();
        }
        if (manifest.recipe().isEmpty()) {
            throw new BadInputException(Text.format(
                    "%s: is of no recipe, so its encoder is the one that it has: no other size, layers or attention",
                    PathText.shown(bundle.directory())));
        }
        return EncoderFile.of(recipe(), request);
    }

    /// Whether a recipe says what the backbone is, so that its encoder may have other outputs and sizes.
    public boolean ofRecipe() {
        return !bundle.manifest().recipe().isEmpty();
    }

    /// Networks of one's own have no projector or probe that we know of: all that they have is told.
    @Override
    public List<TensorInfo> tensors() {
        var manifest = bundle.manifest();
        return manifest.states().stream()
                .filter(s -> s.role() == Manifest.Role.PARAMETER || s.role() == Manifest.Role.BUFFER)
                .map(Manifest.State::name)
                .filter(name -> manifest.recipe().isEmpty() || BackboneTensors.isBackbone(name))
                .map(name -> parameters
                        .find(name)
                        .orElseThrow(() ->
                                new BadInputException(Text.format("%s: has no tensor %s", parameters.path(), name))))
                .toList();
    }

    @Override
    public MemorySegment value(String name) {
        return parameters.bytes(name);
    }

    @Override
    public Optional<String> note() {
        return Optional.empty();
    }

    @Override
    public void close() {
        parameters.close();
    }

    private Recipe recipe() {
        return RecipeFile.parse(
                PathText.shown(bundle.file(Bundle.MANIFEST)) + " (recipe)",
                bundle.manifest().recipe());
    }
}
