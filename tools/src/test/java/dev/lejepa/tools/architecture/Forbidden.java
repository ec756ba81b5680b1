package dev.lejepa.tools.architecture;

import java.util.Locale;
import java.util.function.UnaryOperator;
import org.apache.commons.cli.Options;

/// Does what no class of the program may do, so that the test can see that it would notice.
final class Forbidden {
    static int counter;

    private Forbidden() {}

    static Options print() {
        counter++;
        System.out.println(counter);
        System.out.printf("%d", counter);
        UnaryOperator<String> lower = String::toLowerCase;
        System.out.println(lower.apply("%d".formatted(counter)) + Locale.getDefault());
        return new Options();
    }
}
