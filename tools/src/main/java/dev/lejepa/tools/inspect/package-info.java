/// What a file or folder of ours holds, told to people and to scripts.
@NullMarked
package dev.lejepa.tools.inspect;

import org.jspecify.annotations.NullMarked;
