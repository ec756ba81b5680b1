/// The decoders of JPEG and WebP that other image libraries use, libjpeg-turbo and libwebp, out of one shared library:
/// [dev.lejepa.trainer.codec.NativeCodecs] calls them through Java's foreign-function interface. What a file's pixels
/// mean (orientation, colors beside RGB) is not decided here.
@NullMarked
package dev.lejepa.trainer.codec;

import org.jspecify.annotations.NullMarked;
