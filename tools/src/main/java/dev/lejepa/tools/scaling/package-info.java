/// What a step would take on many devices: a model of computing, of links and of what both do at once.
@NullMarked
package dev.lejepa.tools.scaling;

import org.jspecify.annotations.NullMarked;
