package dev.lejepa.tools.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lejepa.graphs.Escapes;
import dev.lejepa.graphs.PathText;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;

/// Where a command's words and its result go. With `--json`, standard output belongs to the result alone.
public final class Console {
    private PrintStream out;
    private PrintStream err;
    private final boolean json;
    private Optional<String> pending = Optional.empty();

    Console(PrintStream out, PrintStream err, boolean json) {
        this.out = out;
        this.err = err;
        this.json = json;
    }

    /// Says nothing from now on: another process says it.
    void silence() {
        out = new PrintStream(OutputStream.nullOutputStream());
        err = out;
    }

    /// A line for people.
    ///
    /// @throws OutputLostException where it, or one before it, could not be written: no more need be made
    public void say(String line) {
        tellPending();
        words().println(line);
        if (!json && out.checkError()) {
            throw new OutputLostException();
        }
    }

    /// A line for people and scripts that names a file or folder, in the very bytes of its name; see [PathText#line].
    public void sayPath(Path path) {
        words().writeBytes(PathText.encoded(PathText.line(path) + "\n"));
    }

    /// A line that is not part of the result: progress, a warning.
    public void note(String line) {
        tellPending();
        err.println(line);
    }

    /// A note that comes before whatever is said next, and not at all where nothing is: a refusal is one line.
    void noteLater(String line) {
        pending = Optional.of(line);
    }

    private void tellPending() {
        pending.ifPresent(err::println);
        pending = Optional.empty();
    }

    /// Where text for people goes, for listeners that print themselves.
    public PrintStream words() {
        return json ? err : out;
    }

    /// Where progress and warnings go.
    public PrintStream notes() {
        return err;
    }

    /// Whether a line of [#words] can be rewritten, because a person watches it.
    @SuppressWarnings("SystemConsoleNull") // which a JDK 25 is again where nobody watches
    public boolean terminal() {
        var console = System.console();
        return !json && console != null && console.isTerminal();
    }

    /// The result for scripts; shown only with `--json`, as the last line.
    public void result(ObjectNode result) {
        tellPending();
        if (json) {
            out.println(Escapes.halfPairs(result.toString()));
        }
    }
}
