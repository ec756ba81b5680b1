package dev.lejepa.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lejepa.graphs.BadInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.cli.Option;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ProgramTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /// What a test's command does.
    private interface Work {
        ExitCode run(Call call) throws IOException, InterruptedException;
    }

    private record Stub(Work work) implements Command {
        @Override
        public List<Option> options() {
            return List.of(
                    Flags.value("out", "DIR", "where"),
                    Flags.value("steps", "N", "how many"),
                    Flags.set(),
                    Flags.target(),
                    Flags.flag("resume", "goes on"));
        }

        @Override
        public String example() {
            return "./lejepa train --out runs/a";
        }

        @Override
        public ExitCode run(Call call) throws IOException, InterruptedException {
            return work.run(call);
        }
    }

    private ExitCode run(Work work, String... arguments) {
        return new Program(_ -> new Stub(work), stream(out), stream(err), new StopSignal(stream(err)))
                .run(List.of(arguments));
    }

    private ExitCode runReal(String... arguments) {
        return new Program(CommandName::command, stream(out), stream(err), new StopSignal(stream(err)))
                .run(List.of(arguments));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void noCommandAtAllShowsTheCommandsAndIsAnError() {
        assertEquals(ExitCode.BAD_INPUT, runReal());
        assertTrue(err().startsWith("usage: ./lejepa COMMAND"), err());
        assertEquals("", out());
    }

    @ParameterizedTest
    @EnumSource
    void everyCommandHasHelpWithAnExample(CommandName name) {
        var arguments = new ArrayList<>(name.parts());
        arguments.add("--help");
        assertEquals(ExitCode.DONE, runReal(arguments.toArray(String[]::new)));
        assertTrue(out().startsWith("usage: ./lejepa " + name.words()), out());
        assertTrue(out().contains("example:\n  ./lejepa " + name.words()), out());
        assertTrue(out().contains("--threads N") && out().contains("--json"), out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "trian --config x|lejepa: trian: unknown command, nearest: train; ./lejepa --help lists all",
                "bench stpe|lejepa: bench: which one? bench step, bench data, bench loss, bench scaling",
                "bensh step|lejepa: bensh step: unknown command, nearest: bench step; ./lejepa --help lists all",
            })
    void commandThatIsNotThereIsNamedInOneLine(String arguments, String expected) {
        assertEquals(ExitCode.BAD_INPUT, runReal(arguments.split(" ")));
        assertEquals(expected + System.lineSeparator(), err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--stpes 3|--stpes: unknown option, nearest: --steps; see --help",
                "--out|--out: its value DIR is missing",
                "--steps 0|--steps 0: must be a whole number of at least 1",
                "--steps many|--steps many: must be a whole number of at least 1",
                "--target cuda|--target cuda: must be one of portable, ort",
                "surplus|surplus: not understood here; see --help",
            })
    void badOptionIsNamedInOneLine(String arguments, String expected) {
        String[] all = ("train " + arguments).split(" ");
        ExitCode code = run(
                call -> {
                    call.whole("steps", 1);
                    call.target();
                    call.operands(0, 0);
                    return ExitCode.DONE;
                },
                all);
        assertEquals(ExitCode.BAD_INPUT, code);
        assertEquals("lejepa: " + expected + System.lineSeparator(), err());
    }

    @Test
    void optionsReachTheCommandTyped() {
        ExitCode code = run(
                call -> {
                    assertEquals(OptionalInt.of(3), call.whole("steps", 1));
                    assertEquals(List.of("a.b=1", "c=[1, 2]"), call.texts("set"));
                    assertEquals("runs/a", call.requiredPath("out").toString());
                    assertTrue(call.has("resume"));
                    assertEquals(2, call.threads());
                    assertEquals(List.of("x", "y"), call.operands(1, 2));
                    return ExitCode.INTERRUPTED;
                },
                "train",
                "--steps",
                "3",
                "--set",
                "a.b=1",
                "--set",
                "c=[1, 2]",
                "--out",
                "runs/a",
                "--resume",
                "--threads",
                "2",
                "x",
                "y");
        assertEquals(ExitCode.INTERRUPTED, code, err());
    }

    @Test
    void withJsonTheLastLineOfStandardOutputIsTheResultAndNothingElseIsThere() {
        Work work = call -> {
            call.console().say("trained");
            call.console().result(JsonNodeFactory.instance.objectNode().put("steps", 3));
            return ExitCode.DONE;
        };
        run(work, "train");
        assertEquals("trained" + System.lineSeparator(), out());
        out.reset();
        run(work, "train", "--json");
        assertEquals("{\"steps\":3}" + System.lineSeparator(), out());
        assertEquals("trained" + System.lineSeparator(), err());
    }

    @Test
    void badInputIsOneLineAndVerboseAddsTheStackTrace() {
        Work work = _ -> {
            throw new BadInputException("r.yaml: no such recipe");
        };
        assertEquals(ExitCode.BAD_INPUT, run(work, "train"));
        assertEquals("lejepa: r.yaml: no such recipe" + System.lineSeparator(), err());
        run(work, "train", "--verbose");
        assertTrue(err().contains("\tat dev.lejepa.tools.cli.ProgramTest"), err());
    }

    @Test
    void faultOfTheMachineOrOursIsExitCodeOneWithoutAStackTrace() {
        assertEquals(
                ExitCode.FAULT,
                run(
                        _ -> {
                            throw new IOException("No space left on device");
                        },
                        "train"));
        assertEquals("lejepa: IOException: No space left on device" + System.lineSeparator(), err());
        err.reset();
        assertEquals(
                ExitCode.FAULT,
                run(
                        _ -> {
                            throw new IllegalStateException("lost");
                        },
                        "train"));
        assertTrue(err().startsWith("lejepa: IllegalStateException: lost (a fault of this program"), err());
        assertFalse(err().contains("\tat "), err());
    }

    @Test
    void resultThatStandardOutputDoesNotTakeIsExitCodeOne() {
        var full = new PrintStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        });
        var said = new AtomicInteger();
        Work table = call -> {
            for (var line = 0; line < 1000; line++) {
                call.console().say("line");
                said.incrementAndGet();
            }
            return ExitCode.DONE;
        };
        Work json = call -> {
            call.console().result(JsonNodeFactory.instance.objectNode());
            return ExitCode.DONE;
        };
        for (var arguments : List.of(List.of("train"), List.of("train", "--json"), List.of("train", "--help"))) {
            err.reset();
            var work = arguments.contains("--json") ? json : table;
            var program = new Program(_ -> new Stub(work), full, stream(err), new StopSignal(stream(err)));
            assertEquals(ExitCode.FAULT, program.run(arguments));
            assertEquals(
                    "lejepa: standard output could not be written to its end: the disk is full, or nobody reads it%n"
                            .formatted(),
                    err());
        }
        assertEquals(0, said.get(), "a table nobody reads is not made to its end");
    }

    @Test
    void whereItComputesIsToldBeforeTheFirstWordsAndNotBeforeARefusal() {
        run(
                call -> {
                    call.console().noteLater("computing on paper");
                    call.console().note("half way");
                    call.console().say("done");
                    return ExitCode.DONE;
                },
                "train");
        assertEquals("computing on paper%nhalf way%n".formatted(), err());
        err.reset();
        run(
                call -> {
                    call.console().noteLater("computing on paper");
                    throw new BadInputException("no paper");
                },
                "train");
        assertEquals("lejepa: no paper%n".formatted(), err());
    }

    @Test
    void heapThatIsTooSmallIsOneLine() {
        Work work = _ -> {
            throw new OutOfMemoryError("Java heap space");
        };
        assertEquals(ExitCode.FAULT, run(work, "train"));
        assertTrue(err().matches("lejepa: a Java heap of \\d+ MB is too small for this: Java heap space\\R"), err());
    }

    @Test
    void hardwareThreadsOfOneCoreCountOnce() {
        List<String> twoCoresFourThreads = List.of(
                "physical id\t: 0",
                "core id\t\t: 0",
                "physical id\t: 0",
                "core id\t\t: 1",
                "physical id\t: 0",
                "core id\t\t: 0",
                "physical id\t: 0",
                "core id\t\t: 1");
        assertEquals(2, Cores.physical(twoCoresFourThreads));
        assertEquals(0, Cores.physical(List.of("model name : x")));
    }
}
