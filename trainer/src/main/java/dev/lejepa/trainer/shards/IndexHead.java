package dev.lejepa.trainer.shards;

import dev.lejepa.graphs.PathText;
import dev.lejepa.trainer.image.ImageFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The part of an index that is not about single images.
///
/// @param kind of the shards, and what else decides what the index says, such as names of columns
/// @param classes class names by label; empty if unlabelled
/// @param notes what a person may not expect of the images, one line each
/// @param faults the reasons of [Seen.Fault], each once
record IndexHead(String kind, List<Shard> shards, List<String> classes, List<String> notes, List<String> faults) {
    IndexHead {
        shards = List.copyOf(shards);
        classes = List.copyOf(classes);
        notes = List.copyOf(notes);
        faults = List.copyOf(faults);
    }

    /// As bytes. The names of image formats are among them, since the index stores formats by number.
    byte[] bytes() throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        put(out, List.of(kind));
        put(out, formats());
        out.writeInt(shards.size());
        for (var shard : shards) {
            put(out, PathText.bytes(shard.file()));
            out.writeLong(shard.length());
            out.writeLong(shard.modified());
        }
        put(out, classes);
        put(out, notes);
        put(out, faults);
        return bytes.toByteArray();
    }

    /// @throws IOException if these are no bytes of a head, or of one that knows other image formats
    static IndexHead of(byte[] bytes) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(bytes));
        var kind = texts(in).getFirst();
        if (!texts(in).equals(formats())) {
            throw new IOException("knows other image formats");
        }
        var shards = new ArrayList<Shard>();
        for (var left = in.readInt(); left > 0; left--) {
            shards.add(new Shard(PathText.path(PathText.decoded(block(in))), in.readLong(), in.readLong()));
        }
        return new IndexHead(kind, shards, texts(in), texts(in), texts(in));
    }

    private static List<String> formats() {
        return Arrays.stream(ImageFormat.values()).map(ImageFormat::name).toList();
    }

    private static void put(DataOutputStream out, List<String> texts) throws IOException {
        out.writeInt(texts.size());
        for (var text : texts) {
            put(out, PathText.encoded(text));
        }
    }

    private static void put(DataOutputStream out, byte[] block) throws IOException {
        out.writeInt(block.length);
        out.write(block);
    }

    private static List<String> texts(DataInputStream in) throws IOException {
        var texts = new ArrayList<String>();
        for (var left = in.readInt(); left > 0; left--) {
            texts.add(PathText.decoded(block(in)));
        }
        return texts;
    }

    private static byte[] block(DataInputStream in) throws IOException {
        return in.readNBytes(in.readInt());
    }
}
