package dev.lejepa.tools.report;

import dev.lejepa.trainer.train.RunFolder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/// The picture that a run makes of its first views, as a section of its report.
final class ViewsSection {
    private ViewsSection() {}

    /// The section; nothing where there is no such picture.
    static Markup of(RunFolder folder) throws IOException {
        if (!Files.isRegularFile(folder.views())) {
            return new Markup();
        }
        try {
            @Nullable BufferedImage sheet = ImageIO.read(folder.views().toFile());
            return sheet == null ? without("it holds no picture") : with(Jpeg.of(sheet));
        } catch (IIOException e) {
            return without(String.valueOf(e.getMessage()));
        }
    }

    private static Markup with(Jpeg sheet) {
        var words =
                "The first images of the run, a row each: the image itself, then its views, as the network reads them.";
        return section(words)
                .add(sheet.element("views of the run's first images"))
                .close("section");
    }

    private static Markup without(String why) {
        return section("views.png cannot be shown: " + why).close("section");
    }

    private static Markup section(String words) {
        return new Markup()
                .open("section", "class", "picture")
                .element("h2", "Views")
                .element("p", words, "class", "quiet");
    }
}
