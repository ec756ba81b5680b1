/// One file of many images, made once and read at any place: [dev.lejepa.trainer.packed.Packer] writes it,
/// [dev.lejepa.trainer.packed.PackedImages] reads it.
///
/// All numbers are little-endian. A header of 64 bytes ([dev.lejepa.trainer.packed.PackHeader]) says where the rest is:
///
/// | part | content |
/// |---|---|
/// | images | one after another from byte 64 on: files, or bare pixels `[height, width, 3]` |
/// | table | 32 bytes an image ([dev.lejepa.trainer.packed.PackTable]): place, length, CRC-32C, label, width, height,
/// end of its name |
/// | texts | class names, each behind its length as int32; then the images' names without gaps |
@NullMarked
package dev.lejepa.trainer.packed;

import org.jspecify.annotations.NullMarked;
