/// The processes that compute one step together: [Ranks] is what they do together, whatever carries their numbers.
@NullMarked
package dev.lejepa.runtime.collective;

import org.jspecify.annotations.NullMarked;
