package dev.lejepa.tools.report;

import dev.lejepa.graphs.AtomicFile;
import dev.lejepa.graphs.Text;
import dev.lejepa.trainer.train.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The report of one run.
public final class RunReport {
    /// Points of a curve at most: about as many as a wide screen has pixels for it.
    private static final int POINTS = 1000;

    private final ReportedRun run;
    private final List<Markup> pictures;

    private RunReport(ReportedRun run, List<Markup> pictures) {
        this.run = run;
        this.pictures = pictures;
    }

    /// What was written.
    ///
    /// @param steps that the run has completed
    public record Written(Path file, long steps, long warnings, Optional<String> cutOff) {}

    /// Writes the report of a run.
    ///
    /// @param computing where the encoder is to show what it sees
    /// @throws dev.lejepa.graphs.BadInputException if the folder is no run, or what it holds is damaged
    public static Written write(RunFolder folder, Path file, Computing computing) throws IOException {
        var run = ReportedRun.read(folder, POINTS);
        var log = run.log();
        var pictures = new ArrayList<Markup>();
        pictures.add(DemoFigure.of(folder));
        pictures.addAll(EncoderPictures.of(run, computing));
        pictures.add(ViewsSection.of(folder));
        AtomicFile.writeText(file, new RunReport(run, pictures).html());
        return new Written(file, log.totals().lastStep(), log.warningsInAll(), log.cutOff());
    }

    private String html() {
        var charts = Charts.of(run, this::figures);
        var body = new Markup()
                .add(header())
                .open("main")
                .add(Headline.markup(Headline.of(run)))
                .add(WarningsSection.of(run.log()));
        if (run.log().totals().steps() == 0) {
            body.element("p", "No step has been recorded yet: there is nothing to draw.", "class", "empty");
        } else {
            body.add(Toolbar.markup());
        }
        body.add(charts.markup());
        pictures.forEach(body::add);
        body.add(RecipeSection.of(run.recipe())).add(MachineSection.of(run)).close("main");
        return Page.html(run.name() + " · LeJEPA", "run", body, charts.data());
    }

    private Markup header() {
        return new Markup()
                .open("header")
                .open("div")
                .element("h1", run.name())
                .element("span", run.state(), "class", "state " + run.state().split(" ")[0])
                .close("div")
                .element("p", summary(), "class", "quiet")
                .close("header");
    }

    private String summary() {
        var recipe = run.recipe();
        var backbone = recipe.model().backbone();
        return Text.format(
                        "%s, %s views of %s images a step, %s",
                        backbone.name(),
                        recipe.views().count(),
                        Words.count(recipe.data().batch()),
                        recipe.train().precision().word())
                + run.log()
                        .last()
                        .map(sitting -> ", " + MachineSection.time(sitting.began()))
                        .orElse("");
    }

    private List<Markup> figures(Panel.Group group) {
        return switch (group) {
            case EMBEDDING -> spectra();
            case TRAINING, SPEED -> List.of();
        };
    }

    private List<Markup> spectra() {
        var figures = new ArrayList<Markup>();
        for (var source : List.of(Source.EMBEDDING, Source.PROJECTION)) {
            var spectra = run.log().spectraOf(source).all();
            if (!spectra.isEmpty()) {
                figures.add(SpectrumFigure.of(source.of(), spectra));
            }
        }
        return figures;
    }
}
