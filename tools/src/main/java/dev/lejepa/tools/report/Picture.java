package dev.lejepa.tools.report;

import dev.lejepa.trainer.train.RunFolder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/// A picture with what it shows, as a section of a page.
///
/// @param heading of the section
/// @param words one sentence; without a picture, why there is none
record Picture(String heading, String words, Optional<Jpeg> jpeg) {
    /// Those that a run's folder holds.
    static List<Picture> of(RunFolder folder) throws IOException {
        var pictures = new ArrayList<Picture>();
        views(folder).ifPresent(pictures::add);
        return pictures;
    }

    private static Optional<Picture> views(RunFolder folder) throws IOException {
        if (!Files.isRegularFile(folder.views())) {
            return Optional.empty();
        }
        var heading = "Views";
        try {
            @Nullable BufferedImage sheet = ImageIO.read(folder.views().toFile());
            return Optional.of(
                    sheet == null
                            ? new Picture(heading, "views.png holds no picture.", Optional.empty())
                            : new Picture(
                                    heading,
                                    "The first images of the run, a row each: the image itself, then its views, as the network reads them.",
                                    Optional.of(Jpeg.of(sheet))));
        } catch (IIOException e) {
            return Optional.of(new Picture(heading, "views.png cannot be read: " + e.getMessage(), Optional.empty()));
        }
    }

    Markup section() {
        var markup = new Markup()
                .open("section", "class", "picture")
                .element("h2", heading)
                .element("p", words, "class", "quiet");
        jpeg.ifPresent(image -> markup.open(
                "img",
                "src",
                image.uri(),
                "alt",
                words,
                "width",
                Integer.toString(image.width()),
                "height",
                Integer.toString(image.height())));
        return markup.close("section");
    }
}
