package dev.lejepa.trainer.shards;

import dev.lejepa.graphs.PathText;
import dev.lejepa.trainer.data.ImageSource;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/// Gathers the images of shards, in the order of their numbers, to a [ShardIndex].
public final class IndexBuilder {
    /// An image of a shard.
    ///
    /// @param shard its number
    /// @param place where in the shard the image lies
    /// @param length its bytes
    /// @param label of its class, [ImageSource#UNLABELLED] if it has none
    /// @param name what it is called within the shard, as [PathText] writes names
    public record Entry(int shard, long place, int length, int label, Seen seen, String name) {}

    private static final int FIRST_ENTRIES = 1 << 10;

    private final String kind;
    private final List<Shard> shards;
    private final Map<String, Integer> faults = new LinkedHashMap<>();
    private MemorySegment entries = room(FIRST_ENTRIES * IndexEntry.BYTES);
    private MemorySegment names = room(FIRST_ENTRIES);
    private int size;
    private long nameBytes;

    /// @param kind of the shards, and what else decides what the index says, such as names of columns
    public IndexBuilder(String kind, List<Shard> shards) {
        this.kind = kind;
        this.shards = List.copyOf(shards);
    }

    /// Adds the next image.
    public void add(Entry image) {
        var name = PathText.encoded(image.name());
        entries = atLeast(entries, (size + 1) * IndexEntry.BYTES);
        names = atLeast(names, nameBytes + name.length);
        MemorySegment.copy(MemorySegment.ofArray(name), 0, names, nameBytes, name.length);
        nameBytes += name.length;
        IndexEntry.Long64.PLACE.set(entries, size, image.place());
        IndexEntry.Long64.NAME_END.set(entries, size, nameBytes);
        IndexEntry.Int32.LENGTH.set(entries, size, image.length());
        IndexEntry.Int32.SHARD.set(entries, size, image.shard());
        IndexEntry.Int32.LABEL.set(entries, size, image.label());
        see(size, image.seen());
        size = Math.addExact(size, 1);
    }

    private void see(int image, Seen seen) {
        switch (seen) {
            case Seen.Header(var header) -> {
                IndexEntry.Int32.SEEN.set(entries, image, ShardIndex.number(header.format()));
                IndexEntry.Int32.WIDTH.set(entries, image, header.width());
                IndexEntry.Int32.HEIGHT.set(entries, image, header.height());
            }
            case Seen.Unreadable() -> IndexEntry.Int32.SEEN.set(entries, image, IndexEntry.UNREADABLE);
            case Seen.Fault(var reason) -> {
                var fault = faults.computeIfAbsent(reason, _ -> faults.size());
                IndexEntry.Int32.SEEN.set(entries, image, IndexEntry.FAULT - fault);
            }
        }
    }

    int size() {
        return size;
    }

    /// The name of an image that was added.
    String name(int image) {
        return ShardIndex.name(entries, names, image);
    }

    int shard(int image) {
        return IndexEntry.Int32.SHARD.get(entries, image);
    }

    /// Gives labels anew, where classes are known only when all images are.
    ///
    /// @param labels from the label that an image was added with to the one that it gets
    public void relabel(IntUnaryOperator labels) {
        for (var image = 0; image < size; image++) {
            var label = IndexEntry.Int32.LABEL.get(entries, image);
            IndexEntry.Int32.LABEL.set(entries, image, labels.applyAsInt(label));
        }
    }

    /// Says that all images without a label are broken.
    public void refuseUnlabelled(String reason) {
        for (var image = 0; image < size; image++) {
            if (IndexEntry.Int32.LABEL.get(entries, image) == ImageSource.UNLABELLED
                    && IndexEntry.Int32.SEEN.get(entries, image) > IndexEntry.FAULT) {
                see(image, new Seen.Fault(reason));
            }
        }
    }

    /// The index of all images.
    ///
    /// @param classes class names by label; empty if unlabelled
    /// @param notes what a person may not expect of the images, one line each
    public ShardIndex finish(List<String> classes, List<String> notes) {
        var head = new IndexHead(kind, shards, classes, notes, new ArrayList<>(faults.keySet()));
        return new ShardIndex(
                head,
                entries.asSlice(0, size * IndexEntry.BYTES).asReadOnly(),
                names.asSlice(0, nameBytes).asReadOnly());
    }

    private static MemorySegment atLeast(MemorySegment memory, long bytes) {
        return bytes <= memory.byteSize()
                ? memory
                : room(Math.max(bytes, 2 * memory.byteSize())).copyFrom(memory);
    }

    private static MemorySegment room(long bytes) {
        return Arena.ofAuto().allocate(bytes);
    }
}
