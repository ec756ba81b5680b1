package dev.lejepa.trainer.parquet;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.FileFaults;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.data.Blocks;
import dev.lejepa.trainer.data.ImageFacts;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.ImageDecoder;
import dev.lejepa.trainer.image.ImageHeader;
import dev.lejepa.trainer.image.RgbImage;
import dev.lejepa.trainer.shards.IndexCache;
import dev.lejepa.trainer.shards.Seen;
import dev.lejepa.trainer.shards.Shard;
import dev.lejepa.trainer.shards.ShardIndex;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The images of Parquet files, a row each, numbered file after file.
public final class ParquetImages implements ImageSource {
    private final String place;
    private final TableIndex index;
    private final Path root;
    private final BlockPlan plan;
    private final BlockCache cache;

    private ParquetImages(String place, TableIndex index, ColumnChoice choice) {
        this.place = place;
        this.index = index;
        this.root = root(index.shards().shards());
        this.plan = BlockPlan.of(index);
        this.cache = new BlockCache(new BlockReader(index, plan, choice)::read, BlockPlan.KEPT_BYTES);
    }

    /// Opens tables. All their images are looked at once; an index keeps what was found.
    ///
    /// @param place what messages call them
    /// @param files in the order in which their images are numbered
    /// @throws BadInputException if one is no table of images, or they do not go together
    public static ParquetImages open(String place, List<Path> files, ColumnChoice choice, IndexCache indexes) {
        try {
            List<Shard> shards = new ArrayList<>();
            for (Path file : files) {
                shards.add(Shard.of(file));
            }
            ShardIndex index = indexes.open(choice.kind(), shards, () -> list(shards, choice));
            if (index.size() == 0) {
                throw new BadInputException(
                        Text.format("%s: its tables have no rows, expected one for each image", place));
            }
            return new ParquetImages(place, TableIndex.of(index), choice);
        } catch (IOException e) {
            throw new BadInputException(Text.format("%s: cannot be read: %s", place, FileFaults.reason(e)), e);
        }
    }

    private static ShardIndex list(List<Shard> shards, ColumnChoice choice) {
        List<TableRows> tables = shards.parallelStream()
                .map(shard -> new TableScan(shard.file(), choice).rows())
                .toList();
        return TableIndex.join(choice.kind(), shards, tables);
    }

    /// The folder that all files lie in.
    private static Path root(List<Shard> shards) {
        Path root = shards.getFirst().file().resolveSibling("");
        for (Shard shard : shards) {
            while (!shard.file().startsWith(root)) {
                root = root.resolveSibling("");
            }
        }
        return root;
    }

    @Override
    public String place() {
        return place;
    }

    @Override
    public List<String> classes() {
        return index.shards().classes();
    }

    @Override
    public int size() {
        return index.size();
    }

    @Override
    public int label(int image) {
        return index.shards().label(image);
    }

    /// The file, and the row's number with what the image was called: `train-00000.parquet/17-n01440764_10026.JPEG`.
    @Override
    public Path name(int image) {
        return root.relativize(file(image)).resolve(PathText.path(index.shards().name(image)));
    }

    @Override
    public Path file(int image) {
        return index.shards().shards().get(index.table(image)).file();
    }

    @Override
    public long bytes(int image) {
        return index.length(image);
    }

    @Override
    public ImageFacts facts(int image) throws BrokenImageException {
        return ImageFacts.of(
                switch (index.shards().seen(image)) {
                    case Seen.Header(var known) -> known;
                    case Seen.Unreadable() -> {
                        try (BlockCache.Lease lease = lease(image)) {
                            yield ImageHeader.of(shown(image), within(image, lease));
                        }
                    }
                    case Seen.Fault(var reason) -> throw new BrokenImageException(shown(image), reason);
                });
    }

    @Override
    public void decode(int image, ImageDecoder decoder, RgbImage out) throws BrokenImageException {
        try (BlockCache.Lease lease = lease(image)) {
            decoder.decode(shown(image), within(image, lease), out);
        }
    }

    @Override
    public Optional<MemorySegment> encoded(int image, SegmentAllocator room) throws BrokenImageException {
        try (BlockCache.Lease lease = lease(image)) {
            MemorySegment bytes = within(image, lease);
            return Optional.of(room.allocate(bytes.byteSize()).copyFrom(bytes));
        }
    }

    private String shown(int image) {
        return PathText.shown(name(image));
    }

    /// The block that an image lies in.
    private BlockCache.Lease lease(int image) throws BrokenImageException {
        if (index.shards().seen(image) instanceof Seen.Fault(var reason)) {
            throw new BrokenImageException(shown(image), reason);
        }
        try {
            return cache.lease(plan.block(image));
        } catch (IOException e) {
            throw new BrokenImageException(shown(image), FileFaults.reason(e), e);
        }
    }

    private MemorySegment within(int image, BlockCache.Lease lease) {
        int first = plan.first(plan.block(image));
        return lease.bytes().asSlice(index.bytes(first, image), index.length(image));
    }

    @Override
    public List<String> notes() {
        return index.shards().notes();
    }

    @Override
    public Optional<Blocks> blocks() {
        return plan.blocks(index);
    }

    @Override
    public void close() {
        cache.close();
    }
}
