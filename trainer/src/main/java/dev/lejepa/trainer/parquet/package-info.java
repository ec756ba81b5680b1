/// Images in Parquet files, as Hugging Face's image sets have them: a column of encoded images, a column of labels.
///
/// Hardwood reads what is small: footers, labels, names ([dev.lejepa.trainer.parquet.TableFacts],
/// [dev.lejepa.trainer.parquet.SmallColumns]). The images' own column is read here, page by page
/// ([dev.lejepa.trainer.parquet.ImageColumn]): one page of it may have a hundred megabytes, of which a general reader
/// keeps several. A row alone costs as much as its page, so images are read in blocks, and the last few blocks are kept
/// ([dev.lejepa.trainer.parquet.BlockCache]).
@NullMarked
package dev.lejepa.trainer.parquet;

import org.jspecify.annotations.NullMarked;
