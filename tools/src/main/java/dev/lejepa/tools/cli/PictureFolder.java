package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lejepa.graphs.Text;
import dev.lejepa.tools.pictures.Lens;
import dev.lejepa.tools.pictures.PictureFiles;
import dev.lejepa.tools.pictures.PictureSource;
import java.io.IOException;
import java.nio.file.Path;

/// The folder `--out` that commands draw each image of `--data` into.
///
/// @param path of the folder
/// @param files in it, one or more for each image
record PictureFolder(Call call, Path path, PictureFiles files) {
    /// Notes what a person may not expect of the images.
    static PictureFolder of(Call call, PictureSource.Images images, Path path) throws IOException {
        OutputPlace.requireOutside("out", path, call.requiredPath("data"));
        var files = new PictureFiles(images, path);
        images.source().notes().forEach(note -> call.console().note("note: " + note));
        return new PictureFolder(call, path, files);
    }

    /// Tells what was drawn, and what could not be read.
    ///
    /// @param each what every image has, for people
    void tell(Lens lens, int images, int files, String each) {
        if (lens.broken() > 0) {
            call.console().note("left out, as they cannot be read: " + lens.brokenNames());
        }
        call.console().say(Text.format("%s: %d images, %s", path, images, each));
        call.console()
                .result(JsonNodeFactory.instance
                        .objectNode()
                        .put("images", images)
                        .put("files", files)
                        .put("skipped", lens.broken()));
    }
}
