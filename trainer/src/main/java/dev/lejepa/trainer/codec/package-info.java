/// Decoders in C, called through Java's foreign-function interface. [dev.lejepa.trainer.codec.NativeCodecs] are those
/// that come with this program, out of one shared library: libjpeg-turbo and libwebp. The others are the system's, and
/// may be missing: [dev.lejepa.trainer.codec.TurboJpeg], [dev.lejepa.trainer.codec.Heif] and
/// [dev.lejepa.trainer.codec.JpegXl]. What a file's pixels mean (orientation, colors beside RGB) is not decided here.
@NullMarked
package dev.lejepa.trainer.codec;

import org.jspecify.annotations.NullMarked;
