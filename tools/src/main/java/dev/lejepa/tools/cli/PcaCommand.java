package dev.lejepa.tools.cli;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.programs.EncoderRequest;
import dev.lejepa.graphs.programs.EvaluateGraph;
import dev.lejepa.tools.pictures.GifFrames;
import dev.lejepa.tools.pictures.GifPictures;
import dev.lejepa.tools.pictures.Paper;
import dev.lejepa.tools.pictures.PatchPictures;
import dev.lejepa.tools.pictures.PictureFiles;
import dev.lejepa.tools.pictures.PictureSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Option;

/// `pca`: patches in color, side by side with their images.
final class PcaCommand implements Command {
    private static final int GAP = 4;

    @Override
    public List<Option> options() {
        return Flags.with(
                OpenEncoder.options(),
                Flags.value(
                        "data",
                        "PATH",
                        "an image, a GIF whose frames are taken, a folder of images, or whatever data.train may name"),
                Flags.value(
                        "out", "DIR", "folder for the pictures, one for each image under its name; a GIF for a GIF"),
                Flags.value("output", "NAME", "the encoder's output that has the tokens (default: tokens)"),
                Flags.flag("foreground", "parts object and background, which becomes black"));
    }

    @Override
    public String example() {
        return "./lejepa pca --run runs/demo --data photos --out photos-pca";
    }

    @Override
    public ExitCode run(Call call) throws IOException {
        call.operands(0, 0);
        var data = call.required("data");
        var out = call.requiredOutputFolder("out");
        try (var images = PictureSource.of(data, call.sources())) {
            draw(call, images, PictureFolder.of(call, images, out));
        }
        return ExitCode.DONE;
    }

    private static void draw(Call call, PictureSource.Images images, PictureFolder folder) throws IOException {
        var files = folder.files();
        try (var open = OpenEncoder.of(call, EncoderRequest.plain())) {
            var pictures = new PatchPictures(
                    open.encoder(), call.text("output").orElse(EvaluateGraph.TOKENS), call.has("foreground"));
            var frames = GifPictures.framesOf(call.requiredPath("data"), open.encoder());
            var drawn = frames.isPresent()
                    ? animated(pictures, frames.get(), call.requiredPath("data"), files.file(0, PictureFiles.MOVING))
                    : still(pictures, images, files);
            folder.tell(pictures.lens(), drawn.images(), drawn.files(), Text.format("%d files", drawn.files()));
        }
    }

    /// @param images that were drawn
    /// @param files that were written
    private record Drawn(int images, int files) {}

    private static Drawn still(PatchPictures pictures, PictureSource.Images images, PictureFiles files)
            throws IOException {
        pictures.draw(
                images,
                (number, image, colors) ->
                        Paper.row(List.of(image, colors), GAP).write(files.file(number, PictureFiles.STILL)));
        var drawn = images.size() - pictures.lens().broken();
        return new Drawn(drawn, drawn);
    }

    private static Drawn animated(PatchPictures pictures, GifFrames gif, Path data, Path file) throws IOException {
        try (var written = new GifPictures(gif)) {
            pictures.draw(
                    new PictureSource.Frames(data, gif),
                    (number, image, colors) -> written.add(number, Paper.row(List.of(image, colors), GAP)));
            written.write(file);
        }
        return new Drawn(gif.frames().size(), 1);
    }
}
