package dev.lejepa.trainer.source;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.FileFaults;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.SourceSpec;
import dev.lejepa.trainer.data.ImageFolder;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.data.ListedImages;
import dev.lejepa.trainer.layout.CifarSource;
import dev.lejepa.trainer.packed.PackedImages;
import dev.lejepa.trainer.parquet.ColumnChoice;
import dev.lejepa.trainer.parquet.ParquetImages;
import dev.lejepa.trainer.shards.IndexCache;
import dev.lejepa.trainer.shards.TarShards;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/// The one door to images: opens what a recipe or an option names.
///
///     photos                              a folder, in it a folder for each class
///     shards/train-{0000..0146}.tar       shards, also .tar.gz, .tgz and .tar.zst
///     imagenette/*.parquet                tables; behind them may stand #image=COL,label=COL
///     cifar-10-batches-bin                CIFAR as its archive unpacks: the training images
///     cifar-10-batches-bin/test_batch.bin a binary batch of CIFAR
///     photos.pack                         a file of `data pack`, whatever its name
///
/// @param indexes of shards and tables
public record Sources(IndexCache indexes) {
    /// Opens some images.
    @FunctionalInterface
    private interface Door {
        ImageSource open(String text) throws IOException;
    }

    /// Those that keep indexes in the user's cache.
    ///
    /// @param words gets what is done meanwhile and takes long, such as listing the images of shards, a line each
    public static Sources ofUser(Consumer<String> words) {
        return new Sources(IndexCache.ofUser(words));
    }

    /// The images that a text names, with their classes. A folder's classes are the folders directly in it.
    ///
    /// @throws BadInputException if there are none, or they cannot be listed
    /// @throws IOException if the machine fails: its disk is full or cannot be read
    public ImageSource open(String text) throws IOException {
        return open(Named.of(text), ImageFolder::of);
    }

    /// The same for those who look at images and not at classes: a folder is searched through, however it is arranged.
    ///
    /// @throws BadInputException if there are none, or they cannot be listed
    /// @throws IOException if the machine fails: its disk is full or cannot be read
    public ImageSource openFlat(String text) throws IOException {
        return open(Named.of(text), ImageFolder::withoutClasses);
    }

    /// The same, where a file that is no source of another kind is one image.
    ///
    /// @throws BadInputException if there are none, or they cannot be listed
    /// @throws IOException if the machine fails: its disk is full or cannot be read
    public ImageSource openPictures(String text) throws IOException {
        return switch (Named.of(text)) {
            case Named.Other(var file) -> {
                var item = new ListedImages.Item(path(PathText.name(file)), ImageSource.UNLABELLED);
                yield new ListedImages(file.toAbsolutePath().resolveSibling(""), List.of(), List.of(item));
            }
            case Named.Folder(var root)
            when !Files.exists(root) ->
                throw new BadInputException(
                        Text.format("%s: no such file or folder, expected an image or a folder of images", root));
            case Named named -> open(named, ImageFolder::withoutClasses);
        };
    }

    /// The images of all sources that a recipe names.
    ///
    /// @param sources one or more
    /// @throws BadInputException if one of them has no images, or they do not mix
    /// @throws IOException if the machine fails: its disk is full or cannot be read
    public ImageSource open(List<SourceSpec> sources) throws IOException {
        return open(sources, this::open);
    }

    /// The same without classes of folders.
    ///
    /// @throws BadInputException if one of them has no images, or they do not mix
    /// @throws IOException if the machine fails: its disk is full or cannot be read
    public ImageSource openFlat(List<SourceSpec> sources) throws IOException {
        return open(sources, this::openFlat);
    }

    /// A source with its classes in another order, so that labels are those of other images.
    ///
    /// @param classes those of the source, in some order
    public static ImageSource inClasses(List<String> classes, ImageSource source) {
        return classes.equals(source.classes()) ? source : Mixture.inClasses(classes, source);
    }

    private ImageSource open(List<SourceSpec> sources, Door door) throws IOException {
        if (sources.isEmpty()) {
            throw new BadInputException("no images are named");
        }
        if (sources.size() == 1) {
            return door.open(sources.getFirst().path());
        }
        var opened = new ArrayList<ImageSource>();
        try {
            for (var source : sources) {
                opened.add(door.open(source.path()));
            }
            return Mixture.of(opened, sources.stream().map(SourceSpec::weight).toList());
        } catch (IOException | RuntimeException | Error e) {
            opened.forEach(ImageSource::close);
            throw e;
        }
    }

    private ImageSource open(Named named, Function<Path, ImageSource> folders) throws IOException {
        return switch (named) {
            case Named.Folder(var root) -> folders.apply(root);
            case Named.Tars(var place, var files) -> TarShards.open(place, files, indexes);
            case Named.Tables(var place, var files, var columns) ->
                ParquetImages.open(
                        place,
                        files,
                        new ColumnChoice(columns.image(), columns.label()),
                        indexes);
            case Named.CifarFolder(var root) -> CifarSource.training(root);
            case Named.CifarBatches(var place, var files) -> CifarSource.batches(place, files);
            case Named.Packed(var file) -> PackedImages.open(file);
            case Named.Other(var file) -> throw other(file);
        };
    }

    private static BadInputException other(Path file) {
        return new BadInputException(Text.format(
                "%s: is a file, expected a folder of images, a file of `data pack`, or files ending in %s", file, FileKind.written()));
    }

    /// The path that a text is.
    ///
    /// @throws BadInputException if it cannot be one
    public static Path path(String text) {
        try {
            return PathText.path(text);
        } catch (InvalidPathException e) {
            throw new BadInputException(Text.format("'%s' is no path: %s", text, e.getReason()), e);
        }
    }
}
