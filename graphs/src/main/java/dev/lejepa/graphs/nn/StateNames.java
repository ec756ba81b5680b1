package dev.lejepa.graphs.nn;

/// The names of states beside parameters and buffers, which have timm's and torch's, and of the outputs that hold new
/// values.
public final class StateNames {
    /// Completed steps, int64 `[1]`.
    public static final String STEP = "step";

    private StateNames() {}

    /// The name of the bfloat16 copy that products read in mixed precision.
    public static String copy(String parameter) {
        return "bfloat16/" + parameter;
    }

    public static String gradient(String parameter) {
        return "grad/" + parameter;
    }

    public static String moment1(String parameter) {
        return "moment1/" + parameter;
    }

    public static String moment2(String parameter) {
        return "moment2/" + parameter;
    }

    /// The name of the output that holds a state's new value.
    public static String updated(String state) {
        return "new/" + state;
    }

    /// The input that says which step an update is, in graphs where each has one of its own.
    public static String step(String parameter) {
        return STEP + "/" + parameter;
    }
}
