package dev.lejepa.trainer.shards;

/// A member of a tar file.
///
/// @param name as [dev.lejepa.graphs.PathText] writes names
/// @param offset of its bytes in the file
/// @param size its bytes
record TarMember(String name, Kind kind, long offset, long size) {
    enum Kind {
        FILE,
        /// Bytes of a file with holes: the holes are not among them.
        SPARSE,
        /// Another name of a member, or of anything else.
        LINK,
        /// A folder, a device or a pipe.
        OTHER
    }
}
