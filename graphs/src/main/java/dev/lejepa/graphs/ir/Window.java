package dev.lejepa.graphs.ir;

import dev.lejepa.graphs.Text;
import java.util.List;
import java.util.stream.IntStream;

/// A window that moves over maps: what it covers and where it stands, along both axes.
public record Window(Axis height, Axis width) {
    /// A square window that moves alike along both axes, with as much padding on all sides.
    public static Window square(int kernel, int stride, int padding) {
        return square(kernel, stride, padding, 1);
    }

    /// A square window whose elements lie `dilation` apart.
    public static Window square(int kernel, int stride, int padding, int dilation) {
        var axis = new Axis(kernel, stride, padding, padding, dilation);
        return new Window(axis, axis);
    }

    /// The window along one axis.
    ///
    /// @param kernel elements that it covers
    /// @param stride from one place to the next
    /// @param before padding before the first element
    /// @param after padding behind the last
    /// @param dilation distance of two elements that it covers
    public record Axis(int kernel, int stride, int before, int after, int dilation) {
        public Axis {
            if (kernel < 1 || stride < 1 || dilation < 1 || before < 0 || after < 0) {
                throw new ShapeException(Text.format(
                        "a window of %d elements %d apart, stride %d, padding %d and %d, does not exist",
                        kernel, dilation, stride, before, after));
            }
        }

        /// Elements from the first that the window covers to the last.
        public int extent() {
            return dilation * (kernel - 1) + 1;
        }

        /// Places of the window over `size` elements.
        ///
        /// @throws ShapeException if it has none
        public long places(long size) {
            var free = size + before + after - extent();
            if (free < 0) {
                throw new ShapeException(Text.format(
                        "a window of %d elements does not fit into %d with padding %d and %d",
                        extent(), size, before, after));
            }
            return free / stride + 1;
        }

        /// Padded elements behind the last that any place of the window covers.
        public long rest(long size) {
            return (size + before + after - extent()) % stride;
        }

        /// The element that element `k` of the window covers at a place; it may lie in the padding.
        public long at(long place, int k) {
            return place * stride - before + (long) k * dilation;
        }

        /// The window with more padding behind, so that its last place may jut out over the padding but still begins
        /// before its end: torch's `ceil_mode`.
        public Axis ceil(long size) {
            var free = Math.max(0, size + before + after - extent());
            var places = Math.ceilDiv(free, stride) + 1;
            if ((places - 1) * stride >= size + before) {
                places--;
            }
            var needed = (places - 1) * stride + extent() - before - size;
            return new Axis(kernel, stride, before, Math.toIntExact(Math.max(0, needed)), dilation);
        }
    }

    /// Where the window's last places may jut out over the padding, for maps of this size.
    public Window ceil(long rows, long columns) {
        return new Window(height.ceil(rows), width.ceil(columns));
    }

    /// Elements that the window covers.
    public int elements() {
        return height.kernel * width.kernel;
    }

    public boolean padded() {
        return IntStream.of(height.before, height.after, width.before, width.after)
                .anyMatch(n -> n > 0);
    }

    /// ONNX's `kernel_shape`.
    public List<Integer> kernels() {
        return List.of(height.kernel, width.kernel);
    }

    /// ONNX's `strides`.
    public List<Integer> strides() {
        return List.of(height.stride, width.stride);
    }

    /// ONNX's `dilations`.
    public List<Integer> dilations() {
        return List.of(height.dilation, width.dilation);
    }

    /// ONNX's `pads`: top, left, bottom, right.
    public List<Integer> pads() {
        return List.of(height.before, width.before, height.after, width.after);
    }
}
