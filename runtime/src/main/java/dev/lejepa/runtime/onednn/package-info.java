/// Operators of `dev.lejepa` over oneDNN's primitives: matrix products with what follows them, and attention, in pieces
/// that stay in a core's cache.
@NullMarked
package dev.lejepa.runtime.onednn;

import org.jspecify.annotations.NullMarked;
