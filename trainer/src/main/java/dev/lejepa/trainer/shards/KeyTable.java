package dev.lejepa.trainer.shards;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/// The keys of images, in eight to sixteen bytes each: a hash and the image's number. The keys themselves are asked for
/// where hashes are equal.
final class KeyTable {
    private static final int FREE = -1;

    private final IntFunction<String> keys;
    private int[] images = free(1 << 10);
    private int[] hashes = new int[1 << 10];
    private int size;

    /// @param keys of the images that were put
    KeyTable(IntFunction<String> keys) {
        this.keys = keys;
    }

    /// Takes down the key of an image.
    ///
    /// @return the image that has the same one, if there is any
    OptionalInt put(String key, int image) {
        if (2 * size >= images.length) {
            grow();
        }
        var hash = key.hashCode();
        var slot = slot(hash);
        while (images[slot] != FREE) {
            if (hashes[slot] == hash && keys.apply(images[slot]).equals(key)) {
                return OptionalInt.of(images[slot]);
            }
            slot = slot + 1 & images.length - 1;
        }
        images[slot] = image;
        hashes[slot] = hash;
        size++;
        return OptionalInt.empty();
    }

    private void grow() {
        var oldImages = images;
        var oldHashes = hashes;
        images = free(2 * oldImages.length);
        hashes = new int[images.length];
        for (var old = 0; old < oldImages.length; old++) {
            if (oldImages[old] != FREE) {
                var slot = slot(oldHashes[old]);
                while (images[slot] != FREE) {
                    slot = slot + 1 & images.length - 1;
                }
                images[slot] = oldImages[old];
                hashes[slot] = oldHashes[old];
            }
        }
    }

    /// Where to look first. Hashes of similar names lie close to each other, so they are spread.
    private int slot(int hash) {
        var spread = hash * 0x9E37_79B9;
        return (spread ^ spread >>> 16) & images.length - 1;
    }

    private static int[] free(int slots) {
        var free = new int[slots];
        Arrays.fill(free, FREE);
        return free;
    }
}
