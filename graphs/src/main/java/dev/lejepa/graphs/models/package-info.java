/// Backbones as timm defines and names them, LeJEPA's projector and the online probe, and the registry of names.
@NullMarked
package dev.lejepa.graphs.models;

import org.jspecify.annotations.NullMarked;
