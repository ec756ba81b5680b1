/// Operators of `dev.lejepa` that Java itself computes on host cores: sorting of columns, and
/// characteristic functions.
@NullMarked
package dev.lejepa.runtime.host;

import org.jspecify.annotations.NullMarked;
