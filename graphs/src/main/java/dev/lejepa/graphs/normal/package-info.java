/// The standard normal law in double precision: distribution function, its logarithm, density, quantiles.
@NullMarked
package dev.lejepa.graphs.normal;

import org.jspecify.annotations.NullMarked;
