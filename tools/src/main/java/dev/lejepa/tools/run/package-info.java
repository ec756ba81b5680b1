/// What commands are made of: a recipe becomes a bundle, a bundle and images become a run.
@NullMarked
package dev.lejepa.tools.run;

import org.jspecify.annotations.NullMarked;
