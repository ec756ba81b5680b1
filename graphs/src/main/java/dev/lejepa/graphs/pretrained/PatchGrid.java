package dev.lejepa.graphs.pretrained;

/// Patches that an image is cut into.
public record PatchGrid(int rows, int cols) {
    /// Number of patches.
    public int count() {
        return rows * cols;
    }

    @Override
    public String toString() {
        return rows + " x " + cols;
    }
}
