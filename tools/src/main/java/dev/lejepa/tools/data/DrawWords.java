package dev.lejepa.tools.data;

import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.image.JitterDraw;
import dev.lejepa.trainer.image.ViewDraw;
import java.util.ArrayList;
import java.util.List;

/// What chance decided about a view, in short lines, in the order in which it is done.
final class DrawWords {
    private DrawWords() {}

    /// The lines.
    ///
    /// @param width of the image
    /// @param height of the image
    static List<String> of(ViewDraw draw, int width, int height) {
        var crop = draw.crop();
        var lines = new ArrayList<String>();
        lines.add(Text.format("crop %d x %d", crop.width(), crop.height()));
        lines.add(Text.format("at %d, %d", crop.left(), crop.top()));
        var share = 100.0 * crop.width() * crop.height() / ((double) width * height);
        lines.add(Text.format("%.1f %% of the image", share));
        draw.jitter().ifPresent(jitter -> jitter.order().forEach(change -> lines.add(words(change, jitter))));
        if (draw.grayscale()) {
            lines.add("gray");
        }
        draw.blurSigma().ifPresent(sigma -> lines.add(Text.format("blur %.2f", sigma)));
        if (draw.solarize()) {
            lines.add("solarize");
        }
        if (draw.flip()) {
            lines.add("flip");
        }
        return lines;
    }

    private static String words(JitterDraw.Change change, JitterDraw jitter) {
        return switch (change) {
            case BRIGHTNESS -> Text.format("brightness %.2f", jitter.brightness());
            case CONTRAST -> Text.format("contrast %.2f", jitter.contrast());
            case SATURATION -> Text.format("saturation %.2f", jitter.saturation());
            case HUE -> Text.format("hue %+.3f", jitter.hue());
        };
    }
}
