package dev.lejepa.tools.report;

import java.util.ArrayList;
import java.util.List;

/// Spectra of a covariance in the course of a run: evenly spread over it, and always the last one. Whenever they become
/// too many, every other one goes.
final class Spectra {
    /// Curves that an eye can still tell apart.
    private static final int MOST = 24;

    private final List<Spectrum> kept = new ArrayList<>();
    private long every = 1;
    private long seen;
    private boolean lastIsExtra;

    /// Shares of the variance along the principal directions, largest first, at a step.
    record Spectrum(long step, List<Double> shares) {
        Spectrum {
            shares = List.copyOf(shares);
        }
    }

    void add(Spectrum spectrum) {
        if (lastIsExtra) {
            kept.removeLast();
        }
        kept.add(spectrum);
        lastIsExtra = seen % every != 0;
        seen++;
        if (kept.size() > MOST) {
            thin();
        }
    }

    private void thin() {
        var last = kept.getLast();
        var fewer = new ArrayList<Spectrum>();
        for (var i = 0; i < kept.size(); i += 2) {
            fewer.add(kept.get(i));
        }
        lastIsExtra = fewer.getLast() != last;
        if (lastIsExtra) {
            fewer.add(last);
        }
        kept.clear();
        kept.addAll(fewer);
        every *= 2;
    }

    /// In the order of their steps.
    List<Spectrum> all() {
        return List.copyOf(kept);
    }
}
