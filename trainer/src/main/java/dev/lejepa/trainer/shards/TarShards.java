package dev.lejepa.trainer.shards;

import dev.lejepa.graphs.FileFaults;
import dev.lejepa.graphs.PathText;
import dev.lejepa.trainer.data.ImageFacts;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.ImageDecoder;
import dev.lejepa.trainer.image.ImageHeader;
import dev.lejepa.trainer.image.RgbImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The images of tar files in WebDataset's form, which may be compressed with gzip or zstd. Members whose names are
/// equal up to the first dot of the last part belong to one key. Of each key there is one image; its label is the
/// number or name in the member `cls`, else that of `label` in `json`, else that in `txt`; where no key has any of
/// these it is the folder that the image lies in.
///
/// Images are read one by one, wherever they lie: a shard is as near to random access as a folder.
///
/// See <https://github.com/webdataset/webdataset>.
public final class TarShards implements ImageSource {
    /// Which rules the index was made by.
    private static final String KIND = "tar, rules 1";

    private final String place;
    private final List<Path> names;
    private final List<Path> files;
    private final ShardIndex index;

    private TarShards(String place, List<Path> names, List<Path> files, ShardIndex index) {
        this.place = place;
        this.names = names;
        this.files = List.copyOf(files);
        this.index = index;
    }

    /// Opens shards by their index, which is made where there is none. Compressed ones are unpacked into the same cache.
    ///
    /// @param place what messages call them
    /// @param files at least one, in the order in which their images are numbered
    /// @throws dev.lejepa.graphs.BadInputException if a file is missing, damaged or no tar file, if they hold no
    ///     images, a key twice, or labels of two kinds
    /// @throws IOException if a file cannot be read, or there is no room to unpack it
    public static TarShards open(String place, List<Path> files, IndexCache cache) throws IOException {
        var plain = Unpacker.of(cache.folder(), cache.words()).plain(files);
        var shards = new ArrayList<Shard>();
        for (var file : plain) {
            shards.add(Shard.of(file));
        }
        var index = cache.open(KIND, shards, () -> new TarIndexer(KIND, shards, files, cache.words()).list());
        return new TarShards(place, names(files), files, index);
    }

    /// What is different in the files' paths: mostly their names alone.
    private static List<Path> names(List<Path> files) {
        var absolute = files.stream().map(Path::toAbsolutePath).toList();
        var common = absolute.getFirst().getNameCount() - 1;
        for (var file : absolute) {
            common = Math.min(common, equalParts(absolute.getFirst(), file));
        }
        var skipped = common;
        return absolute.stream()
                .map(file -> file.subpath(skipped, file.getNameCount()))
                .toList();
    }

    /// The number of folders that two paths have in common.
    private static int equalParts(Path a, Path b) {
        var equal = 0;
        while (equal < Math.min(a.getNameCount(), b.getNameCount()) - 1
                && a.getName(equal).equals(b.getName(equal))) {
            equal++;
        }
        return equal;
    }

    @Override
    public String place() {
        return place;
    }

    @Override
    public List<String> classes() {
        return index.classes();
    }

    @Override
    public int size() {
        return index.size();
    }

    @Override
    public int label(int image) {
        return index.label(image);
    }

    @Override
    public Path name(int image) {
        return PathText.sibling(names.get(index.shard(image)).resolve("_"), index.name(image));
    }

    @Override
    public Path file(int image) {
        return files.get(index.shard(image));
    }

    @Override
    public long bytes(int image) {
        return index.length(image);
    }

    @Override
    public ImageFacts facts(int image) throws BrokenImageException {
        return switch (index.seen(image)) {
            case Seen.Header(var header) -> ImageFacts.of(header);
            case Seen.Fault(var reason) -> throw new BrokenImageException(shown(image), reason);
            case Seen.Unreadable() -> {
                try (var arena = Arena.ofConfined()) {
                    yield ImageFacts.of(ImageHeader.of(shown(image), read(image, arena)));
                }
            }
        };
    }

    @Override
    public void decode(int image, ImageDecoder decoder, RgbImage out) throws BrokenImageException {
        try (var arena = Arena.ofConfined()) {
            decoder.decode(shown(image), read(image, arena), out);
        }
    }

    @Override
    public Optional<MemorySegment> encoded(int image, SegmentAllocator room) throws BrokenImageException {
        return Optional.of(read(image, room));
    }

    private MemorySegment read(int image, SegmentAllocator room) throws BrokenImageException {
        if (index.seen(image) instanceof Seen.Fault(var reason)) {
            throw new BrokenImageException(shown(image), reason);
        }
        try {
            return index.shards().get(index.shard(image)).read(index.place(image), index.length(image), room);
        } catch (OutOfMemoryError e) {
            throw new BrokenImageException(shown(image), "cannot be read: memory does not suffice for its bytes", e);
        } catch (IOException e) {
            throw new BrokenImageException(shown(image), "cannot be read (" + FileFaults.reason(e) + ")", e);
        }
    }

    private String shown(int image) {
        return PathText.shown(name(image));
    }

    @Override
    public List<String> notes() {
        return index.notes();
    }
}
