package dev.lejepa.tools.cli;

import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.programs.EncoderRequest;
import dev.lejepa.graphs.programs.EvaluateGraph;
import dev.lejepa.tools.pictures.AttentionPictures;
import dev.lejepa.tools.pictures.Paper;
import dev.lejepa.tools.pictures.PictureSource;
import dev.lejepa.trainer.image.RgbImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Option;

/// `attention`: where the last block's heads look, as heat over the images.
final class AttentionCommand implements Command {
    @Override
    public List<Option> options() {
        return Flags.with(
                OpenEncoder.options(),
                Flags.value("data", "PATH", "an image, a folder of images, or whatever data.train may name"),
                Flags.value(
                        "out", "DIR", "folder for the pictures: NAME-head-1.png, ..., NAME-mean.png for each image"),
                Flags.value("output", "NAME", "the encoder's output that has the attention (default: attention)"));
    }

    @Override
    public String example() {
        return "./lejepa attention --run runs/demo --data photos --out photos-attention";
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
        try (var open = OpenEncoder.of(call, EncoderRequest.plain().withAttention())) {
            var pictures =
                    new AttentionPictures(open.encoder(), call.text("output").orElse(EvaluateGraph.ATTENTION));
            var maps = pictures.draw(images, (number, heads, mean) -> {
                for (var head = 0; head < heads.size(); head++) {
                    write(heads.get(head), folder.files().file(number, Text.format("-head-%d.png", head + 1)));
                }
                write(mean, folder.files().file(number, "-mean.png"));
            });
            if (!maps.classToken()) {
                call.console().note("note: the encoder has no class token; shown is the mean over all tokens");
            }
            var drawn = images.size() - pictures.lens().broken();
            var each = Text.format("%d heads and their mean each", maps.heads());
            folder.tell(pictures.lens(), drawn, drawn * (maps.heads() + 1), each);
        }
    }

    private static void write(RgbImage picture, Path file) throws IOException {
        Paper.row(List.of(picture), 0).write(file);
    }
}
