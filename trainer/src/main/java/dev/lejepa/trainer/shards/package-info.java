/// Images that lie many to a file.
///
/// - A [dev.lejepa.trainer.shards.ShardIndex] says where each image lies, and an
///   [dev.lejepa.trainer.shards.IndexCache] keeps it in the user's cache, so that a set of shards is listed once and
///   opened in less than a second ever after. It serves every kind of shard: what lists one fills an
///   [dev.lejepa.trainer.shards.IndexBuilder].
/// - [dev.lejepa.trainer.shards.TarShards] are tar files in WebDataset's form. `TarReader` goes through the members,
///   `TarScan` joins those of one key, `TarIndexer` joins the shards, and `ClassTable` their labels to classes.
/// `Unpacker`
///   makes plain files of compressed ones.
@NullMarked
package dev.lejepa.trainer.shards;

import org.jspecify.annotations.NullMarked;
