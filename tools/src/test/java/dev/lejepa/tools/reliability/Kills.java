package dev.lejepa.tools.reliability;

import dev.lejepa.graphs.random.Draws;
import dev.lejepa.graphs.random.Key;
import dev.lejepa.tools.cli.TinyProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Runs that are killed and go on, compared with one that nothing happened to.
record Kills(TinyProject project, RunContent expected, Aim.Course course) {
    private static final int MOST_KILLS = 3;
    private static final double AGAIN = 0.4;

    /// What the others look for is there from an earlier sitting.
    private static final List<Aim> AIMS_OF_A_RESUMED_RUN = List.of(Aim.ANY_MOMENT, Aim.START_UP, Aim.CHECKPOINT);

    /// Prepares images and the run to compare with.
    static Kills in(Path folder) throws IOException, InterruptedException {
        var project = TinyProject.in(folder);
        var run = project.run("undisturbed");
        var train = TrainProcess.start(List.of(), words(project, run), folder.resolve("undisturbed.txt"));
        while (!Files.exists(run.resolve("metrics.jsonl")) && train.process().isAlive()) {
            Thread.sleep(1);
        }
        var firstStep = train.age();
        if (train.end() != 0) {
            throw new IllegalStateException(train.said());
        }
        var course = new Aim.Course(
                train.age(),
                firstStep,
                TinyProject.STEPS,
                TinyProject.STEPS_PER_EPOCH,
                Files.size(run.resolve("metrics.jsonl")));
        return new Kills(project, RunContent.of(run), course);
    }

    /// What came of one run.
    ///
    /// @param kills what happened to it, one after another
    /// @param fault how it differs from the run that nothing happened to
    record Outcome(List<String> kills, Optional<String> fault) {
        String line() {
            return "killed %s: %s".formatted(String.join(", then ", kills), fault.orElse("resumed to equal bits"));
        }
    }

    /// Starts a run, kills it once or a few times, and lets it go on to its end. Run number `index` of a seed is always
    /// killed at the same moments, as far as the machine is as fast.
    Outcome kill(long seed, long index) throws IOException, InterruptedException {
        var aims = Aim.values();
        for (var attempt = 0; ; attempt++) {
            var draws = Key.of(seed, "kill", index, attempt).draws();
            var run = project.run("run-%d-%d".formatted(index, attempt));
            var outcome = kill(run, aims[(int) (index % aims.length)], draws);
            if (outcome.isPresent()) {
                return outcome.get();
            }
        }
    }

    /// @return nothing where the run was faster than the killer
    private Optional<Outcome> kill(Path run, Aim first, Draws draws) throws IOException, InterruptedException {
        var kills = new ArrayList<String>();
        var aim = first;
        while (true) {
            var train = TrainProcess.start(List.of(), words(project, run), log(run));
            var killing = kills.isEmpty() || kills.size() < MOST_KILLS && draws.bernoulli(AGAIN);
            if (killing && aim.await(train, run, course, draws)) {
                kills.add("%s (%d ms)".formatted(aim.words(), train.age().toMillis()));
                train.kill();
                aim = AIMS_OF_A_RESUMED_RUN.get(draws.below(AIMS_OF_A_RESUMED_RUN.size()));
                continue;
            }
            if (train.end() != 0) {
                return Optional.of(new Outcome(kills, Optional.of("cannot go on: " + train.said())));
            }
            if (kills.isEmpty()) {
                return Optional.empty();
            }
            var difference = expected.difference(RunContent.of(run));
            if (difference.isEmpty()) {
                delete(run);
            }
            return Optional.of(new Outcome(kills, difference));
        }
    }

    /// As a person would: what is no run yet is begun again.
    static List<String> words(TinyProject project, Path run) {
        return Files.exists(run.resolve("recipe.yaml"))
                ? List.of("train", "--resume", "--out", run.toString())
                : project.trainWords("--out", run.toString());
    }

    static Path log(Path run) {
        return run.resolveSibling(run.getFileName() + ".txt");
    }

    private static void delete(Path folder) throws IOException {
        try (var entries = Files.walk(folder)) {
            for (var entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        }
    }
}
