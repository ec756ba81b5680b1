package dev.lejepa.trainer.shards;

import dev.lejepa.graphs.PathText;
import dev.lejepa.trainer.image.ImageFormat;
import dev.lejepa.trainer.image.ImageHeader;
import dev.lejepa.trainer.image.Orientation;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// Where each image of a set of shards lies, what it is called, what class it has and how large it is. There is no
/// object per image: all is read from memory, into which a file may be mapped. Safe for use by many threads.
///
/// What a *place* in a shard is, the kind of shard says: the offset of a tar's member, or row group and row of a table.
/// Whoever lists shards of a new kind fills an [IndexBuilder] and lets an [IndexCache] keep what comes out.
public final class ShardIndex {
    private static final List<ImageFormat> FORMATS = List.of(ImageFormat.values());

    private final IndexHead head;
    private final MemorySegment entries;
    private final MemorySegment names;

    /// @param entries of all images, each [IndexEntry#BYTES]
    /// @param names of all images, one after the other
    ShardIndex(IndexHead head, MemorySegment entries, MemorySegment names) {
        this.head = head;
        this.entries = entries;
        this.names = names;
    }

    /// A format's place in the list that the head holds.
    static int number(ImageFormat format) {
        return FORMATS.indexOf(format);
    }

    IndexHead head() {
        return head;
    }

    MemorySegment entries() {
        return entries;
    }

    MemorySegment names() {
        return names;
    }

    /// The shards, in the order in which a person gave them.
    public List<Shard> shards() {
        return head.shards();
    }

    /// Class names by label; empty if unlabelled.
    public List<String> classes() {
        return head.classes();
    }

    /// What a person may not expect of the images, one line each.
    public List<String> notes() {
        return head.notes();
    }

    /// The number of images.
    public int size() {
        return (int) (entries.byteSize() / IndexEntry.BYTES);
    }

    /// The number of the shard that an image lies in.
    public int shard(int image) {
        return IndexEntry.Int32.SHARD.get(entries, image);
    }

    /// Where an image lies in its shard.
    public long place(int image) {
        return IndexEntry.Long64.PLACE.get(entries, image);
    }

    /// Bytes of an image where it lies.
    public int length(int image) {
        return IndexEntry.Int32.LENGTH.get(entries, image);
    }

    /// The label of an image, [dev.lejepa.trainer.data.ImageSource#UNLABELLED] if it has none.
    public int label(int image) {
        return IndexEntry.Int32.LABEL.get(entries, image);
    }

    /// What an image is called within its shard, as [PathText] writes names.
    public String name(int image) {
        return name(entries, names, image);
    }

    static String name(MemorySegment entries, MemorySegment names, int image) {
        var start = image == 0 ? 0 : IndexEntry.Long64.NAME_END.get(entries, image - 1);
        var end = IndexEntry.Long64.NAME_END.get(entries, image);
        return PathText.decoded(names.asSlice(start, end - start).toArray(ValueLayout.JAVA_BYTE));
    }

    /// What is known of an image's picture. A header's picture is upright.
    public Seen seen(int image) {
        var seen = IndexEntry.Int32.SEEN.get(entries, image);
        if (seen == IndexEntry.UNREADABLE) {
            return new Seen.Unreadable();
        }
        if (seen <= IndexEntry.FAULT) {
            return new Seen.Fault(head.faults().get(IndexEntry.FAULT - seen));
        }
        return new Seen.Header(new ImageHeader(
                FORMATS.get(seen),
                IndexEntry.Int32.WIDTH.get(entries, image),
                IndexEntry.Int32.HEIGHT.get(entries, image),
                Orientation.UPRIGHT));
    }
}
