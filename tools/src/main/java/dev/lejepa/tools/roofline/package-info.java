/// What a step must move and compute on a device, and how long that takes at least, from the lowered graphs and the
/// kernels that compute their nodes: told without a device.
@NullMarked
package dev.lejepa.tools.roofline;

import org.jspecify.annotations.NullMarked;
