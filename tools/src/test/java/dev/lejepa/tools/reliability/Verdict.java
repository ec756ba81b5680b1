package dev.lejepa.tools.reliability;

import com.sun.management.ThreadMXBean;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.trainer.image.BrokenImageException;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/// What a reader made of an input.
sealed interface Verdict {
    /// No input may make a reader allocate more.
    long MOST_BYTES = 1L << 30;

    /// The reader took it.
    record Accepted() implements Verdict {}

    /// The reader said in one line why not.
    record Refused(String message) implements Verdict {}

    /// Anything else: a fault of the reader.
    record Failed(String reason, Optional<Throwable> thrown) implements Verdict {}

    /// Something that reads a whole input and throws where it is damaged.
    @FunctionalInterface
    interface Reader {
        void read(byte[] input) throws Exception;
    }

    /// Reads one input and judges what comes of it.
    static Verdict of(Reader reader, byte[] input) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var before = threads.getCurrentThreadAllocatedBytes();
        var verdict = read(reader, input);
        var allocated = threads.getCurrentThreadAllocatedBytes() - before;
        return allocated > MOST_BYTES
                ? new Failed("allocated %d MB".formatted(allocated >> 20), Optional.empty())
                : verdict;
    }

    private static Verdict read(Reader reader, byte[] input) {
        try {
            reader.read(input);
            return new Accepted();
        } catch (BadInputException | BrokenImageException e) {
            return refused(e);
        } catch (Throwable e) { // whatever it is, it is what is looked for
            return new Failed(e.toString(), Optional.of(e));
        }
    }

    private static Verdict refused(Exception e) {
        var message = String.valueOf(e.getMessage());
        if (message.isBlank()) {
            return new Failed("says nothing", Optional.of(e));
        }
        return message.chars().anyMatch(Character::isISOControl)
                ? new Failed("says more than one line of plain text", Optional.of(e))
                : new Refused(message);
    }
}
