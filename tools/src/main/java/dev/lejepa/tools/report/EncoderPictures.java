package dev.lejepa.tools.report;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.PathText;
import dev.lejepa.graphs.TemporaryFolder;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.programs.EncoderRequest;
import dev.lejepa.graphs.programs.EvaluateGraph;
import dev.lejepa.runtime.engine.Engine;
import dev.lejepa.runtime.engine.EngineException;
import dev.lejepa.runtime.engine.EngineOptions;
import dev.lejepa.runtime.ort.OrtEngine;
import dev.lejepa.tools.export.BundleEncoder;
import dev.lejepa.tools.pictures.Lens;
import dev.lejepa.tools.pictures.Paper;
import dev.lejepa.tools.pictures.PatchPictures;
import dev.lejepa.tools.pictures.PictureSource;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.eval.Encoder;
import dev.lejepa.trainer.eval.Features;
import dev.lejepa.trainer.eval.NearestNeighbors;
import dev.lejepa.trainer.eval.Preparation;
import dev.lejepa.trainer.eval.RowBuffer;
import dev.lejepa.trainer.source.Sources;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/// Pictures of what a run's encoder makes of images that it was not trained on, or else of some that it was: patches in
/// color, and nearest neighbors. They take a few seconds, whatever the encoder: a slow one sees fewer images.
final class EncoderPictures {
    private static final int PATCH_IMAGES = 12;
    private static final int QUERIES = 8;
    private static final int NEIGHBORS = 6;
    private static final int POOL = 500;

    /// Images that are shown to the encoder between two looks at the clock.
    private static final int CHUNK = 32;

    private static final long BUDGET_NANOS = 3_000_000_000L;

    private static final int GAP = 2;
    private static final int PATCH_SIDE = 160;
    private static final int NEIGHBOR_SIDE = 112;

    /// Pixels a side of the images that patches are shown of, where an encoder's own are half of it or less.
    private static final int FINE = 192;

    private final Encoder encoder;
    private final ImageSource source;

    private EncoderPictures(Encoder encoder, ImageSource source) {
        this.encoder = encoder;
        this.source = source;
    }

    /// The sections; a line that says why where there can be none, nothing where the run has no encoder yet.
    static List<Markup> of(ReportedRun run, Computing computing) throws IOException {
        var file = run.folder().encoder();
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        try (var engine = OrtEngine.open(computing.device(), EngineOptions.of(computing.threads()));
                var encoder = Encoder.open(engine, file, Preparation.Given.none());
                var source = images(run)) {
            return new EncoderPictures(encoder, source).sections(run, engine);
        } catch (BadInputException | EngineException e) {
            return List.of(new Markup()
                    .open("section")
                    .element("h2", "What the encoder sees")
                    .element("p", "There are no pictures of it: " + e.getMessage(), "class", "quiet")
                    .close("section"));
        }
    }

    /// Those that are held out, if they are still there.
    private static ImageSource images(ReportedRun run) throws IOException {
        var data = run.recipe().data();
        var sources = Sources.ofUser(_ -> {}); // a page says nothing meanwhile
        if (data.val().isEmpty()) {
            return sources.openFlat(data.train());
        }
        try {
            return sources.openFlat(data.val());
        } catch (BadInputException e) {
            return sources.openFlat(data.train());
        }
    }

    /// The run said it when it opened them.
    private static void unsaid(String line) {}

    private List<Markup> sections(ReportedRun run, Engine engine) throws IOException {
        var sections = new ArrayList<Markup>();
        if (encoder.has(EvaluateGraph.TOKENS)) {
            sections.add(patches(run, engine));
        }
        sections.add(neighbors(engine));
        return sections;
    }

    /// Patches as an encoder sees them that takes images several times as large where its own have few patches.
    private Markup patches(ReportedRun run, Engine engine) throws IOException {
        var size = encoder.preparation().size();
        if (size * 2 > FINE) {
            return patches(encoder);
        }
        try (var temporary = TemporaryFolder.create("lejepa-report");
                var source = BundleEncoder.run(run.folder().path())) {
            var file = temporary.path().resolve("encoder.onnx");
            source.encoder(EncoderRequest.plain().withSize(FINE / size * size)).write(source::value, file);
            try (var fine = Encoder.open(engine, file, Preparation.Given.none())) {
                return patches(fine);
            }
        } catch (BadInputException e) { // a network of one's own has one size
            return patches(encoder);
        }
    }

    /// So many images, evenly spread over the source: of different classes, where these follow each other.
    private List<Integer> spread(int count) {
        var taken = Math.min(count, source.size());
        return IntStream.range(0, taken)
                .map(i -> (int) ((2L * i + 1) * source.size() / (2L * taken)))
                .boxed()
                .toList();
    }

    private Markup patches(Encoder seeing) throws IOException {
        var images = new PictureSource.Images(source, spread(PATCH_IMAGES));
        var markup = new Markup()
                .open("section")
                .element("h2", "Patches in color")
                .element(
                        "p",
                        "The first three principal components of the last layer's patches as red, green and blue, one basis for all images: equal colors are equal features.",
                        "class",
                        "quiet")
                .open("div", "class", "pairs");
        new PatchPictures(seeing, EvaluateGraph.TOKENS, false).draw(images, (number, image, colors) -> {
            var pair = List.of(Paper.fitted(image, PATCH_SIDE), Paper.fitted(colors, PATCH_SIDE));
            markup.add(Jpeg.of(Paper.row(pair, GAP).image()).element(images.name(number)));
        });
        return markup.close("div").close("section");
    }

    /// An image with its features.
    private record Seen(int image, float[] features) {}

    private Markup neighbors(Engine engine) throws IOException {
        var queries = seen(spread(QUERIES), Long.MAX_VALUE);
        var pool = new ArrayList<>(spread(POOL));
        Collections.shuffle(pool, new Random(0)); // whenever the time is over, it is a fair sample
        var known = seen(pool, System.nanoTime() + BUDGET_NANOS);
        if (queries.isEmpty() || known.isEmpty()) {
            throw new BadInputException(Text.format("%s: none of its images can be read", source.place()));
        }
        var markup = new Markup()
                .open("section")
                .element("h2", "Nearest neighbors")
                .element(
                        "p",
                        Text.format(
                                "The images that are most like the first of each row, by the cosine of their features, among %s.%s",
                                Words.count(known.size(), "image"),
                                hasClasses() ? " Green: from the same folder or class; red: from another." : ""),
                        "class",
                        "quiet")
                .open("div", "class", "neighbors");
        var rows = features(known);
        try (var near = new NearestNeighbors(engine, rows, Math.min(NEIGHBORS + 1, rows.rows()))) {
            var found = near.find(features(queries));
            for (var q = 0; q < queries.size(); q++) {
                row(queries.get(q).image(), known, found.rows()[q], found.cosines()[q], markup);
            }
        }
        return markup.close("div").close("section");
    }

    private void row(int query, List<Seen> known, int[] rows, double[] cosines, Markup to) throws IOException {
        to.open("div", "class", "row").add(cell(query, Optional.empty(), ""));
        var others = IntStream.range(0, rows.length)
                .filter(i -> known.get(rows[i]).image() != query)
                .limit(NEIGHBORS)
                .toArray();
        for (var i : others) {
            var image = known.get(rows[i]).image();
            to.add(cell(image, Optional.of(cosines[i]), sameClass(image, query)));
        }
        to.close("div");
    }

    private boolean hasClasses() {
        return source.isLabelled() || (source.isFile(0) && source.name(0).getNameCount() > 1);
    }

    /// Whether two images are of one class, or of one of the folders that classes are.
    private String sameClass(int a, int b) {
        if (!hasClasses()) {
            return "";
        }
        var same = source.isLabelled()
                ? source.label(a) == source.label(b)
                : source.name(a).getName(0).equals(source.name(b).getName(0));
        return same ? "same" : "other";
    }

    private Markup cell(int image, Optional<Double> similarity, String kind) throws IOException {
        var name = PathText.shown(source.name(image));
        var picture = Jpeg.of(Paper.row(List.of(PictureSource.fitted(source, image, NEIGHBOR_SIDE)), 0)
                .image());
        return new Markup()
                .open("figure", "class", similarity.isEmpty() ? "query" : kind)
                .add(picture.element(name))
                .element(
                        "figcaption",
                        similarity.map(s -> Text.format("%.3f", s)).orElse("query"))
                .close("figure");
    }

    /// The features of images that can be read, of as many as the time allows.
    private List<Seen> seen(List<Integer> images, long until) throws IOException {
        var seen = new ArrayList<Seen>();
        var lens = new Lens(encoder, Encoder.FEATURES);
        for (var from = 0; from < images.size() && System.nanoTime() < until; from += CHUNK) {
            var chunk = images.subList(from, Math.min(images.size(), from + CHUNK));
            lens.showReadable(
                    new PictureSource.Images(source, chunk),
                    IntStream.range(0, chunk.size()).toArray(),
                    shown -> {
                        var row = new float[shown.shape().getLast()];
                        System.arraycopy(shown.values(), shown.from(), row, 0, row.length);
                        seen.add(new Seen(chunk.get(shown.number()), row));
                    });
        }
        return seen;
    }

    private static Features features(List<Seen> seen) {
        var rows = new RowBuffer(seen.size(), seen.getFirst().features().length);
        seen.forEach(one -> rows.add(MemorySegment.ofArray(one.features()), 1));
        var features = rows.features();
        if (!features.finite()) {
            throw new BadInputException("its features hold numbers that are not finite");
        }
        return features;
    }
}
