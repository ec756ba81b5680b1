package dev.lejepa.trainer.shards;

import dev.lejepa.trainer.image.ImageHeader;

/// What an index knows of an image's picture.
public sealed interface Seen {
    /// What the image's header says.
    record Header(ImageHeader header) implements Seen {}

    /// The header could not be read. It is read again where it is needed: another version, or a machine with other
    /// libraries, may be able to.
    record Unreadable() implements Seen {}

    /// There is something else wrong with the image: it is counted among the broken ones.
    ///
    /// @param reason for a person
    record Fault(String reason) implements Seen {}
}
