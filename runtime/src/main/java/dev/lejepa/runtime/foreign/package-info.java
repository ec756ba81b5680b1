/// C libraries through Java's foreign-function interface.
@NullMarked
package dev.lejepa.runtime.foreign;

import org.jspecify.annotations.NullMarked;
