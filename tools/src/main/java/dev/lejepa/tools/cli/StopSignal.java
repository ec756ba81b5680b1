package dev.lejepa.tools.cli;

import dev.lejepa.trainer.train.StopRequest;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import sun.misc.Signal;

/// Ctrl-C, a polite kill, a terminal that is closed, or SIGUSR1, by which batch systems and `mpirun` tell the processes
/// that they start to come to an end. The first ends the process at once, whatever it does: all files
/// are either old or whole. Only where a command [asks][#getAsBoolean] it has a second's time to end in its own way, and
/// as much as it takes to save what is [unsaved][#unsaved]. The second signal ends everything.
///
/// Signals that are ignored when the program starts, as under `nohup` and in the background of scripts, stay ignored.
public class StopSignal implements StopRequest {
    private static final List<String> SIGNALS = List.of("HUP", "INT", "TERM", "USR1");

    /// A command that has asked is waited for so long after it has saved.
    private static final Duration GRACE = Duration.ofSeconds(1);

    /// And the end itself, with all that the JVM does then.
    private static final Duration END = Duration.ofMillis(500);

    /// Added to a signal's number, as shells do.
    private static final int CODE = 128;

    private final PrintStream notes;
    /// Number of the signal that came; 0 for none.
    private int came;
    private boolean asked;
    private boolean unsaved;
    private volatile boolean ending;

    /// Hears nothing before [#listen].
    ///
    /// @param notes where a person is told of an end in the midst of something
    StopSignal(PrintStream notes) {
        this.notes = notes;
    }

    /// Takes the place of what the JVM does where a signal comes.
    void listen() {
        for (var name : SIGNALS) {
            Signal.handle(new Signal(name), signal -> receive(signal.getNumber()));
        }
    }

    /// True once somebody asked to stop.
    @Override
    public synchronized boolean getAsBoolean() {
        asked = true;
        return came != 0;
    }

    @Override
    public synchronized void unsaved(boolean any) {
        unsaved = any;
        notifyAll();
    }

    /// True once the process ends in the midst of something: what goes wrong from then on is of no interest.
    boolean ending() {
        return ending;
    }

    /// What the process ends with: the signal's code for a command that it stopped, as `130` for Ctrl-C.
    synchronized int exitCode(ExitCode code) {
        return code == ExitCode.INTERRUPTED && came != 0 ? CODE + came : code.value();
    }

    private void receive(int number) {
        if (!isFirst(number)) {
            Runtime.getRuntime().halt(CODE + number);
        }
        waitForCommand();
        ending = true;
        // neither a reader that is stuck nor anything else may hold up the end
        Thread.ofPlatform().daemon().start(() -> haltAfter(END, CODE + number));
        notes.println("lejepa: stopped");
        System.exit(CODE + number);
    }

    private synchronized boolean isFirst(int number) {
        if (came != 0) {
            return false;
        }
        came = number;
        return true;
    }

    /// The process usually ends meanwhile.
    private synchronized void waitForCommand() {
        var begin = System.nanoTime();
        try {
            while (asked) {
                var left = GRACE.toMillis() - (System.nanoTime() - begin) / 1_000_000;
                if (unsaved) {
                    wait();
                    begin = System.nanoTime();
                } else if (left > 0) {
                    wait(left);
                } else {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void haltAfter(Duration time, int code) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(code);
    }
}
