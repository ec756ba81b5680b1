package dev.lejepa.graphs.npy;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// An array within a file in memory: its type and where its elements lie.
///
/// @param bigEndian whether the highest byte of an element comes first
/// @param fortran whether the first index runs fastest, not the last
/// @param shape sizes from the outermost dimension to the innermost
/// @param data the elements, nothing else
public record NpyView(NpyType type, boolean bigEndian, boolean fortran, List<Long> shape, MemorySegment data) {}
