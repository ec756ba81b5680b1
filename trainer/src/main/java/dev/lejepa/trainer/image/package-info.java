/// From image files to the views a step is fed with, pixel for pixel as PIL and torchvision make them.
///
/// [ImageHeader] tells size and format without decoding; [ImageDecoder] turns a file into an [RgbImage]: JPEG, WebP,
/// AVIF, HEIC and JPEG XL by the native libraries of [dev.lejepa.trainer.codec], all other [formats][ImageFormat] row
/// by row in Java. Where [Crops] say what of it is wanted, no more need be decoded. A large image lies outside of the
/// heap, in the room that an [ImageMemory] shares out. [RandomResizedCrop] and [ViewSampler] draw the parameters of one
/// view, a [ViewDraw], from a stream of [dev.lejepa.graphs.random.Draws]; [ViewPipeline] applies them and writes bytes
/// into the batch; graphs normalize them. [EvalTransform] is the deterministic counterpart of evaluation, [Normalizer]
/// for encoders, which take floats. Between file and batch pixels live in a [PlanarImage], on which [Resizer],
/// [ColorOps], [HueShift] and [GaussianBlur] work in place: in loops that the compiler turns into vector instructions,
/// of integers where PIL's arithmetic allows it.
///
/// Decoder, pipeline and transform hold scratch buffers: one of each per worker thread, reused for every image. All
/// randomness is in the draw, so a view is a function of the file and the draw alone, whatever thread makes it.
@NullMarked
package dev.lejepa.trainer.image;

import org.jspecify.annotations.NullMarked;
