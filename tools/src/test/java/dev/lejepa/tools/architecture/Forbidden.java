package dev.lejepa.tools.architecture;

import org.apache.commons.cli.Options;

/// Does what no class of the program may do, so that the test can see that it would notice.
final class Forbidden {
    static int counter;

    private Forbidden() {}

    static Options print() {
        counter++;
        System.out.println(counter);
        return new Options();
    }
}
