/// From what a person writes to the images that it names.
@NullMarked
package dev.lejepa.trainer.source;

import org.jspecify.annotations.NullMarked;
