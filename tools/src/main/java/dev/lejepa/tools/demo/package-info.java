/// The demonstration: an image set made from a seed, a short training run on it, and what a linear classifier makes of
/// the encoder before and after, on images it has not seen.
///
/// [Demo][dev.lejepa.tools.demo.Demo] goes through it; [DemoReport][dev.lejepa.tools.demo.DemoReport] tells people.
@NullMarked
package dev.lejepa.tools.demo;

import org.jspecify.annotations.NullMarked;
