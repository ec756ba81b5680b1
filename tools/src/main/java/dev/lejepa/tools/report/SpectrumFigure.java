package dev.lejepa.tools.report;

import dev.lejepa.graphs.Text;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Spectra of a covariance in the course of a run as an SVG figure: a line each, the later the stronger. A line that
/// falls off early is an embedding that uses few of its directions.
final class SpectrumFigure {
    private static final double WIDTH = 480;
    private static final double HEIGHT = 260;
    private static final double LEFT = 52;
    private static final double RIGHT = 12;
    private static final double TOP = 10;
    private static final double BOTTOM = 38;

    /// Shares below are drawn here: they are rounding.
    private static final double FLOOR = 1e-6;

    private final List<Spectra.Spectrum> spectra;
    private final int last;
    private final int lowest;
    private final Markup svg = new Markup();

    private SpectrumFigure(List<Spectra.Spectrum> spectra) {
        this.spectra = spectra;
        this.last = spectra.stream()
                .flatMap(s -> s.places().stream())
                .mapToInt(Integer::intValue)
                .max()
                .orElse(1);
        this.lowest = (int) Math.floor(Math.log10(spectra.stream()
                .flatMap(s -> s.shares().stream())
                .filter(Double::isFinite)
                .mapToDouble(share -> Math.max(share, FLOOR))
                .min()
                .orElse(FLOOR)));
    }

    /// The figure.
    ///
    /// @param of whose covariance it is
    /// @param spectra at least one
    static Markup of(String of, List<Spectra.Spectrum> spectra) {
        var figure = new SpectrumFigure(spectra);
        figure.draw();
        var words = Text.format(
                "Eigenvalues of the %s's covariance as shares of their sum, largest first; %s (pale) to step %s (strong).",
                of,
                "step " + Words.count(spectra.getFirst().step()),
                Words.count(spectra.getLast().step()));
        return new Markup()
                .open("figure", "class", "drawn")
                .open("figcaption")
                .element("h3", "Spectrum of the " + of)
                .element("p", words)
                .close("figcaption")
                .add(figure.svg)
                .close("figure");
    }

    private void draw() {
        svg.open("svg", "viewBox", Text.format("0 0 %.0f %.0f", WIDTH, HEIGHT), "role", "img");
        for (var decade = Math.min(lowest, -1); decade <= 0; decade++) {
            var y = y(Math.pow(10, decade));
            line(LEFT, y, WIDTH - RIGHT, y);
            label(decade == 0 ? "1" : Text.format("1e%d", decade), LEFT - 8, y + 4, "end");
        }
        for (var place = 1; place * 3 < last * 2; place *= 10) { // the last one needs room
            label(Integer.toString(place), x(place), HEIGHT - BOTTOM + 16, "middle");
        }
        label(Integer.toString(last), x(last), HEIGHT - BOTTOM + 16, "end");
        label("place of the eigenvalue", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 4, "middle");
        for (var i = 0; i < spectra.size(); i++) {
            curve(spectra.get(i), spectra.size() == 1 ? 1 : (double) i / (spectra.size() - 1));
        }
        svg.close("svg");
    }

    private void line(double x1, double y1, double x2, double y2) {
        svg.open(
                        "line",
                        "class",
                        "grid",
                        "x1",
                        Markup.at(x1),
                        "y1",
                        Markup.at(y1),
                        "x2",
                        Markup.at(x2),
                        "y2",
                        Markup.at(y2))
                .close("line");
    }

    private void label(String text, double x, double y, String anchor) {
        svg.element("text", text, "x", Markup.at(x), "y", Markup.at(y), "text-anchor", anchor);
    }

    /// @param age 0 for the first, 1 for the last
    private void curve(Spectra.Spectrum spectrum, double age) {
        var points = IntStream.range(0, spectrum.shares().size())
                .filter(i -> Double.isFinite(spectrum.shares().get(i)))
                .mapToObj(i -> Markup.at(x(spectrum.places().get(i)))
                        + ','
                        + Markup.at(y(spectrum.shares().get(i))))
                .collect(Collectors.joining(" "));
        svg.open(
                        "polyline",
                        "class",
                        age == 1 ? "curve last" : "curve",
                        "points",
                        points,
                        "stroke-opacity",
                        Text.format("%.2f", 0.12 + 0.88 * age * age))
                .element("title", "step " + Words.count(spectrum.step()))
                .close("polyline");
    }

    /// On a logarithmic axis.
    private double x(int place) {
        return LEFT + (WIDTH - LEFT - RIGHT) * (last == 1 ? 0 : Math.log(place) / Math.log(last));
    }

    private double y(double share) {
        var low = Math.min(lowest, -1);
        return TOP + (HEIGHT - TOP - BOTTOM) * Math.log10(Math.max(share, FLOOR)) / low;
    }
}
