package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lejepa.runtime.collective.Launch;
import dev.lejepa.runtime.collective.Ranks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/// What a use of the program came to: its exit code and what it said.
record Told(ExitCode code, String out, String err) {
    /// Runs a command in this process.
    static Told by(List<String> arguments) {
        return by(arguments, Company.none(), new StopSignal(stream(new ByteArrayOutputStream())));
    }

    private static Told by(List<String> arguments, Company company, StopSignal stop) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var program = new Program(CommandName::command, stream(out), stream(err), stop, company);
        var code = ExitCode.FAULT;
        try {
            code = program.run(arguments);
        } catch (ThreadRanks.Aborted e) {
            err.writeBytes("aborted".getBytes(StandardCharsets.UTF_8)); // a process would have ended
        }
        return new Told(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /// Runs commands together, one for each rank.
    static List<Told> together(List<List<String>> ofRanks) {
        return each(ThreadRanks.of(ofRanks.size()), ofRanks, _ -> () -> false);
    }

    /// Runs one command in several ranks.
    ///
    /// @param stops asks for each rank whether it was asked to stop
    static List<Told> together(int ranks, List<String> words, IntFunction<BooleanSupplier> stops) {
        return together(ThreadRanks.of(ranks), words, stops);
    }

    static List<Told> together(List<ThreadRanks> ranks, List<String> words, IntFunction<BooleanSupplier> stops) {
        return each(ranks, Collections.nCopies(ranks.size(), words), stops);
    }

    private static List<Told> each(
            List<ThreadRanks> ranks, List<List<String>> ofRanks, IntFunction<BooleanSupplier> stops) {
        try (var threads = Executors.newFixedThreadPool(ranks.size())) {
            var told = ranks.stream()
                    .map(rank -> CompletableFuture.supplyAsync(
                            () -> by(ofRanks.get(rank.rank()), rank, stops.apply(rank.rank())), threads))
                    .toList();
            return told.stream().map(CompletableFuture::join).toList();
        }
    }

    private static Told by(List<String> arguments, Ranks ranks, BooleanSupplier stop) {
        var company = new Company(() -> Launch.ALONE, (_, _) -> ranks);
        return by(arguments, company, new Asked(stop));
    }

    /// A signal that a test sends.
    private static final class Asked extends StopSignal {
        private final BooleanSupplier stop;

        Asked(BooleanSupplier stop) {
            super(stream(new ByteArrayOutputStream()));
            this.stop = stop;
        }

        @Override
        public synchronized boolean getAsBoolean() {
            return stop.getAsBoolean();
        }
    }

    static Told by(String... arguments) {
        return by(List.of(arguments));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    /// The last line of standard output, read as JSON.
    JsonNode json() {
        try {
            return new ObjectMapper().readTree(out.strip().lines().toList().getLast());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// All that people read.
    String words() {
        return out + err;
    }
}
