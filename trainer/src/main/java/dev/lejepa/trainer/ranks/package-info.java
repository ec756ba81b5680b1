/// What processes that work together tell each other beside the numbers of a step: that something went wrong, and the
/// states that all of them have.
@NullMarked
package dev.lejepa.trainer.ranks;

import org.jspecify.annotations.NullMarked;
