/// The encoder of a run or a bundle as a file of its own, and features computed with such a file.
@NullMarked
package dev.lejepa.tools.export;

import org.jspecify.annotations.NullMarked;
