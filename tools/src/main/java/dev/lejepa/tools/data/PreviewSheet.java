package dev.lejepa.tools.data;

import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.tools.pictures.Paper;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.image.RgbImage;
import java.util.ArrayList;
import java.util.List;

/// A preview as a picture: a row an image, the image first, with the edges of its crops; then its views, each under a
/// bar in the color of its crop, and under it what was drawn.
public final class PreviewSheet {
    private static final int CELL = 168;
    private static final int GAP = 10;
    private static final int BAR = 4;
    private static final int EDGE = 2;

    /// Colors that are told apart, whatever is behind them.
    private static final int[] COLORS = {
        0xE6194B, 0x0082C8, 0x3CB44B, 0xF58231, 0x911EB4, 0x00A5A5, 0xD2A000, 0xF032E6, 0x8A5A2B, 0x5050FF
    };

    private final ImageSource source;
    private final Preview preview;

    public PreviewSheet(ImageSource source, Preview preview) {
        this.source = source;
        this.preview = preview;
    }

    /// Draws it.
    ///
    /// @param title above all rows
    public Paper draw(String title) {
        var columns = 1 + preview.images().getFirst().views().size();
        var head = GAP + 2 * Paper.lineHeight(1) + GAP;
        var high = head + preview.images().stream().mapToInt(this::height).sum();
        var wide = GAP + columns * (CELL + GAP);
        var paper = new Paper(wide, high);
        paper.text(title, GAP, GAP, Paper.letters(wide - 2 * GAP, 2) < title.length() ? 1 : 2);
        var top = head;
        for (var row : preview.images()) {
            draw(row, paper, top);
            top += height(row);
        }
        return paper;
    }

    private int height(Preview.Row row) {
        var lines = row.views().stream()
                .mapToInt(view -> words(view, row).size())
                .max()
                .orElse(0);
        return BAR + CELL + GAP / 2 + Math.max(lines, words(row).size()) * Paper.lineHeight(1) + GAP;
    }

    private void draw(Preview.Row row, Paper paper, int top) {
        drawImage(row, paper, top);
        var left = GAP + CELL + GAP;
        for (var v = 0; v < row.views().size(); v++) {
            var view = row.views().get(v);
            paper.fill(left, top, CELL, BAR, color(v));
            put(Paper.fitted(view.picture(), CELL), paper, left, top);
            write(words(view, row), paper, left, top);
            left += CELL + GAP;
        }
    }

    private void drawImage(Preview.Row row, Paper paper, int top) {
        var shown = Paper.fitted(row.picture(), CELL);
        var left = GAP;
        put(shown, paper, left, top);
        var scale = (double) shown.width() / row.picture().width();
        for (var v = row.views().size() - 1; v >= 0; v--) { // the first ones above the others
            var crop = row.views().get(v).draw().crop();
            paper.frame(
                    left + (CELL - shown.width()) / 2 + (int) (crop.left() * scale),
                    top + BAR + (CELL - shown.height()) / 2 + (int) (crop.top() * scale),
                    Math.max(2 * EDGE, (int) (crop.width() * scale)),
                    Math.max(2 * EDGE, (int) (crop.height() * scale)),
                    EDGE,
                    color(v));
        }
        write(words(row), paper, left, top);
    }

    private static void put(RgbImage picture, Paper paper, int left, int top) {
        paper.put(picture, left + (CELL - picture.width()) / 2, top + BAR + (CELL - picture.height()) / 2);
    }

    private static void write(List<String> lines, Paper paper, int left, int top) {
        var y = top + BAR + CELL + GAP / 2;
        for (var line : lines) {
            paper.text(line, left, y, 1);
            y += Paper.lineHeight(1);
        }
    }

    private static List<String> words(Preview.View view, Preview.Row row) {
        return DrawWords.of(view.draw(), row.picture().width(), row.picture().height());
    }

    /// The image's name in as many lines as it takes, its size and its class.
    private List<String> words(Preview.Row row) {
        var lines = new ArrayList<String>();
        var name = PathText.shown(source.name(row.image()));
        var wide = Paper.letters(CELL, 1);
        for (var at = 0; at < name.length(); at += wide) {
            lines.add(name.substring(at, Math.min(name.length(), at + wide)));
        }
        lines.add(Text.format("%d x %d", row.picture().width(), row.picture().height()));
        var label = source.label(row.image());
        if (label != ImageSource.UNLABELLED) {
            var text = Text.format("class %d: %s", label, source.classes().get(label));
            lines.add(text.length() <= wide ? text : text.substring(0, wide));
        }
        return lines;
    }

    private static int color(int view) {
        return COLORS[view % COLORS.length];
    }
}
