package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.programs.EncoderRequest;
import dev.lejepa.tools.pictures.NeighborPictures;
import dev.lejepa.tools.pictures.PictureSource;
import dev.lejepa.trainer.data.LoaderSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Option;

/// `neighbors`: a sheet of images and those that an encoder finds most like them.
final class NeighborsCommand implements Command {
    private static final int NEIGHBORS = 8;

    @Override
    public List<Option> options() {
        return Flags.with(
                OpenEncoder.options(),
                Flags.value("data", "DATA", "images to look among: a folder, or whatever data.train may name"),
                Flags.value("query", "PATH", "images to look for: one, a folder, or whatever data.train may name"),
                Flags.value("k", "N", "neighbors of each (default: " + NEIGHBORS + ")"),
                Flags.value("out", "sheet.png", "file to write"),
                EncoderFlags.output());
    }

    @Override
    public String example() {
        return "./lejepa neighbors --run runs/demo --data photos --query photos/cat.jpg --out neighbors.png";
    }

    @Override
    public ExitCode run(Call call) throws IOException, InterruptedException {
        call.operands(0, 0);
        var data = call.required("data");
        var query = call.required("query");
        var k = call.whole("k", 1).orElse(NEIGHBORS);
        var out = call.requiredOutputFile("out", call.requiredPath("query"));
        try (var source = call.sources().openFlat(data);
                var queries = PictureSource.of(query, call.sources());
                var open = OpenEncoder.of(call, EncoderRequest.plain())) {
            OutputPlace.requireNoImage("out", out, source, data);
            OutputPlace.requireNoImage("out", out, queries.source(), query);
            queries.source().notes().forEach(note -> call.console().note("note: " + note));
            var output = EncoderFlags.output(call, open.encoder());
            var pictures = new NeighborPictures(open.encoder(), output, LoaderSize.autoWorkers(call.threads()));
            var found = pictures.find(source, queries, k);
            found.notes().forEach(call.console()::note);
            found.sheet().write(out);
            call.console()
                    .say(Text.format(
                            "%s: %d queries, %d neighbors each of %d images",
                            out, found.queries().size(), Math.min(k, found.images()), found.images()));
            tell(call, found, out);
        }
        return ExitCode.DONE;
    }

    private static void tell(Call call, NeighborPictures.Found found, Path out) {
        var result = JsonNodeFactory.instance.objectNode();
        result.put("images", found.images()).put("skipped", found.skipped()).put("sheet", PathText.text(out));
        var queries = result.putArray("queries");
        for (var query : found.queries()) {
            var told =
                    queries.addObject().put("query", PathText.text(query.image().path()));
            var nearest = told.putArray("neighbors");
            for (var i = 0; i < query.neighbors().size(); i++) {
                nearest.addObject()
                        .put("path", PathText.text(query.neighbors().get(i).path()))
                        .put("similarity", query.similarities().get(i));
            }
        }
        call.console().result(result);
    }
}
