package dev.lejepa.trainer.image;

import dev.lejepa.graphs.augment.CropInput;
import dev.lejepa.graphs.augment.DrawColumn;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Writes what [dev.lejepa.graphs.augment.AugmentGraph] makes a view of: the crop on its canvas, and what was drawn. A
/// crop that is larger than the canvas is resized to the view's size before, as [ViewPipeline] resizes it; resizing that
/// again changes nothing. Keeps scratch buffers: one per worker.
public final class CropWriter {
    private static final int PIXEL = 3;

    private final CropInput input;
    private final Resizer resizer = new Resizer();
    private final PlanarImage planes = new PlanarImage();
    private final RgbImage resized = new RgbImage();
    private byte[] row = new byte[0];

    public CropWriter(CropInput input) {
        this.input = input;
    }

    /// Writes the crop.
    ///
    /// @param canvas bytes `[canvas, canvas, 3]`; what the crop does not fill becomes 0
    public void writeCrop(RgbImage image, ViewDraw draw, MemorySegment canvas) {
        Box crop = draw.crop();
        crop.requireWithin(image.height(), image.width());
        if (fits(crop)) {
            copy(image, crop, canvas);
        } else {
            resizer.resize(image, crop, input.size(), input.size(), planes);
            planes.store(resized);
            copy(resized, Box.of(resized), canvas);
        }
    }

    /// Writes what was drawn.
    ///
    /// @param columns float32, one for each [DrawColumn]
    public void writeDraws(ViewDraw draw, MemorySegment columns) {
        Box crop = draw.crop();
        set(columns, DrawColumn.HEIGHT, fits(crop) ? crop.height() : input.size());
        set(columns, DrawColumn.WIDTH, fits(crop) ? crop.width() : input.size());
        set(columns, DrawColumn.FLIP, draw.flip() ? 1 : 0);
        jitter(draw, columns);
        set(columns, DrawColumn.GRAYSCALE, draw.grayscale() ? 1 : 0);
        set(columns, DrawColumn.SIGMA, draw.blurSigma().orElse(0));
        set(columns, DrawColumn.SOLARIZE, draw.solarize() ? 1 : 0);
    }

    private boolean fits(Box crop) {
        return crop.height() <= input.canvas() && crop.width() <= input.canvas();
    }

    private void copy(RgbImage image, Box crop, MemorySegment canvas) {
        long stride = (long) PIXEL * input.canvas();
        int bytes = PIXEL * crop.width();
        if (row.length < bytes) {
            row = new byte[bytes];
        }
        for (int y = 0; y < crop.height(); y++) {
            image.getRow(crop.top() + y, crop.left(), crop.width(), row);
            MemorySegment.copy(row, 0, canvas, ValueLayout.JAVA_BYTE, y * stride, bytes);
            canvas.asSlice(y * stride + bytes, stride - bytes).fill((byte) 0);
        }
        canvas.asSlice(crop.height() * stride).fill((byte) 0);
    }

    private static void jitter(ViewDraw draw, MemorySegment to) {
        var jitter = draw.jitter();
        for (int place = 0; place < JitterDraw.Change.values().length; place++) {
            int at = place;
            var change =
                    jitter.filter(j -> at < j.order().size()).map(j -> j.order().get(at));
            to.setAtIndex(
                    ValueLayout.JAVA_FLOAT_UNALIGNED,
                    DrawColumn.FIRST.ordinal() + place,
                    change.map(Enum::ordinal).orElse(DrawColumn.NO_CHANGE));
        }
        set(to, DrawColumn.BRIGHTNESS, jitter.map(JitterDraw::brightness).orElse(1.0));
        set(to, DrawColumn.CONTRAST, jitter.map(JitterDraw::contrast).orElse(1.0));
        set(to, DrawColumn.SATURATION, jitter.map(JitterDraw::saturation).orElse(1.0));
        set(to, DrawColumn.HUE, jitter.map(j -> HueShift.whole(j.hue())).orElse(0));
    }

    private static void set(MemorySegment to, DrawColumn column, double value) {
        to.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, column.ordinal(), (float) value);
    }
}
