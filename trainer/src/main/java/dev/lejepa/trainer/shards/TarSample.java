package dev.lejepa.trainer.shards;

/// An image of a tar file, with what belongs to its key.
///
/// @param name of the image; of the key's first member where there is no image
/// @param isPicture whether there is an image
/// @param offset of the image's bytes in the file
/// @param length the image's bytes
record TarSample(String key, String name, boolean isPicture, long offset, int length, Seen seen, SampleLabel label) {}
