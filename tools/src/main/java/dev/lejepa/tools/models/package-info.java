/// The backbones that are built in, told to people and to scripts.
@NullMarked
package dev.lejepa.tools.models;

import org.jspecify.annotations.NullMarked;
