package dev.lejepa.graphs.models;

import dev.lejepa.graphs.Spelling;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.Fault;
import dev.lejepa.graphs.recipe.FaultList;
import dev.lejepa.graphs.recipe.ImageSize;
import dev.lejepa.graphs.recipe.Setting;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedSet;
import java.util.function.Function;
import java.util.stream.Stream;

/// The arguments that a recipe gives a backbone, as its family reads them. Asking for one is also how it is learned
/// which ones the family takes. A value that does not fit is noted and the model's own returned, so that reading goes
/// on.
public final class Arguments {
    /// Before every argument's name in messages.
    static final String SECTION = "model.backbone.";

    /// Before the names of what only tables say.
    private static final String TABLE = "+";

    private final Map<String, Setting> given;
    private final SequencedSet<String> asked = new LinkedHashSet<>();
    private final FaultList faults = new FaultList();

    public Arguments(Map<String, Setting> given) {
        this.given = given;
    }

    /// What was found wrong so far with arguments that the family takes.
    public List<Fault> faults() {
        return faults.faults();
    }

    /// Names of the arguments that were asked for, in that order.
    SequencedSet<String> asked() {
        return asked;
    }

    /// Notes the arguments that nobody asked for. Call when all were read.
    public void refuseOthers(String model) {
        given.keySet().stream().filter(name -> !asked.contains(name)).forEach(name -> {
            var nearest = Spelling.nearest(name, asked).orElseThrow();
            fault(
                    name,
                    Text.format(
                            "is no argument of %s, nearest: %s (it takes %s)",
                            model, nearest, String.join(", ", asked)));
        });
    }

    /// Notes what is wrong with an argument.
    void fault(String name, String problem) {
        faults.add(SECTION + name, problem);
    }

    int whole(String name, int otherwise, int least) {
        return find(name)
                .flatMap(value -> value instanceof Setting.Whole(long number) && number == (int) number
                        ? Optional.of((int) number)
                        : refused(name, value, "a whole number"))
                .filter(number -> isAtLeast(name, number, least))
                .orElse(otherwise);
    }

    /// Odd numbers, one of each stage: kernels that have a middle, which keeps the size of maps.
    List<Integer> odds(String name, List<Integer> otherwise) {
        var numbers = wholes(name, otherwise, 1);
        if (numbers.stream().allMatch(number -> number % 2 == 1)) {
            return numbers;
        }
        fault(name, Text.format("is %s, must be odd numbers", numbers));
        return otherwise;
    }

    /// An odd number.
    int odd(String name, int otherwise) {
        var number = whole(name, otherwise, 1);
        if (number % 2 == 1) {
            return number;
        }
        fault(name, Text.format("is %d, must be an odd number", number));
        return otherwise;
    }

    private boolean isAtLeast(String name, int number, int least) {
        faults.atLeast(SECTION + name, number, least);
        return number >= least;
    }

    /// Whole numbers, one of each stage, however many these are.
    List<Integer> wholes(String name, List<Integer> otherwise, int least) {
        return find(name)
                .flatMap(value -> wholes(name, value))
                .filter(numbers -> numbers.stream().allMatch(number -> isAtLeast(name, number, least)))
                .orElse(otherwise);
    }

    /// Whole numbers, one of each of so many stages, or one that stands for all of them.
    List<Integer> wholes(String name, List<Integer> otherwise, int least, int stages) {
        var value = find(name);
        var one = otherwise.getFirst();
        if (value.isPresent() && value.get() instanceof Setting.Whole) {
            return Collections.nCopies(stages, whole(name, one, least));
        }
        if (value.isEmpty() && otherwise.stream().allMatch(one::equals)) {
            return Collections.nCopies(stages, one);
        }
        var numbers = wholes(name, otherwise, least);
        if (numbers.size() != stages) {
            fault(name, Text.format("has %d numbers, must have one of each of %d stages", numbers.size(), stages));
        }
        return numbers;
    }

    private Optional<List<Integer>> wholes(String name, Setting value) {
        var numbers = value instanceof Setting.Listing(var items)
                ? items.stream()
                        .flatMap(item -> item instanceof Setting.Whole(long number) && number == (int) number
                                ? Stream.of((int) number)
                                : Stream.empty())
                        .toList()
                : List.<Integer>of();
        return value instanceof Setting.Listing(var items) && !items.isEmpty() && numbers.size() == items.size()
                ? Optional.of(numbers)
                : refused(name, value, "a list of whole numbers");
    }

    /// A number greater than 0.
    double positive(String name, double otherwise) {
        return real(name).map(number -> positive(name, number, otherwise)).orElse(otherwise);
    }

    /// A number greater than 0, or none.
    OptionalDouble positive(String name, OptionalDouble otherwise) {
        var number = real(name);
        return number.isPresent() ? OptionalDouble.of(positive(name, number.get(), 1.0)) : otherwise;
    }

    private double positive(String name, double number, double otherwise) {
        faults.positive(SECTION + name, number);
        return number > 0 ? number : otherwise;
    }

    /// A probability less than 1.
    double rate(String name, double otherwise) {
        var number = real(name);
        number.ifPresent(r -> faults.below(SECTION + name, r, 0, 1));
        return number.filter(r -> r >= 0 && r < 1).orElse(otherwise);
    }

    private Optional<Double> real(String name) {
        return find(name).flatMap(value -> switch (value) {
            case Setting.Whole(long number) -> Optional.of((double) number);
            case Setting.Real(double number) -> Optional.of(number);
            case Setting.Text _, Setting.Flag _, Setting.Listing _, Setting.Section _, Setting.Unset _ ->
                refused(name, value, "a number");
        });
    }

    boolean flag(String name, boolean otherwise) {
        return find(name)
                .flatMap(value -> value instanceof Setting.Flag(boolean yes)
                        ? Optional.of(yes)
                        : refused(name, value, "true or false"))
                .orElse(otherwise);
    }

    /// `true`, `false`, or neither.
    Optional<Boolean> flag(String name, Optional<Boolean> otherwise) {
        return find(name).isPresent() ? Optional.of(flag(name, false)) : otherwise;
    }

    /// One of a few words.
    <E> E word(String name, E otherwise, List<E> values, Function<E, String> word) {
        var words = values.stream().map(word).toList();
        return find(name)
                .flatMap(value -> value instanceof Setting.Text(String text) && words.contains(text)
                        ? Optional.of(values.get(words.indexOf(text)))
                        : refused(name, value, "one of " + listed(words)))
                .orElse(otherwise);
    }

    /// What a family's table of names says and no recipe can.
    String ofTable(String name, String otherwise) {
        return given.get(TABLE + name) instanceof Setting.Text(String text) ? text : otherwise;
    }

    private static String listed(List<String> words) {
        return String.join(", ", words.stream().map(w -> w.isEmpty() ? "''" : w).toList());
    }

    /// A whole number for a square, or height and width.
    ImageSize imageSize(String name, ImageSize otherwise) {
        return find(name)
                .flatMap(value -> switch (value) {
                    case Setting.Whole(long side) when isSide(side) -> Optional.of(ImageSize.square((int) side));
                    case Setting.Listing(var sides)
                    when sides.size() == 2
                            && sides.get(0) instanceof Setting.Whole(long height)
                            && sides.get(1) instanceof Setting.Whole(long width)
                            && isSide(height)
                            && isSide(width) -> Optional.of(new ImageSize((int) height, (int) width));
                    case Setting.Whole _ -> refused(name, value, "at least 1");
                    case Setting.Text _,
                            Setting.Real _,
                            Setting.Flag _,
                            Setting.Listing _,
                            Setting.Section _,
                            Setting.Unset _ ->
                        this.<ImageSize>refused(name, value, "a whole number or [height, width]");
                })
                .orElse(otherwise);
    }

    private static boolean isSide(long pixels) {
        return pixels >= 1 && pixels == (int) pixels;
    }

    private <T> Optional<T> refused(String name, Setting found, String expected) {
        var shown = switch (found) {
            case Setting.Text(String text) -> "the text \"" + text + "\"";
            case Setting.Section _ -> "a section";
            case Setting.Whole _, Setting.Real _, Setting.Flag _, Setting.Listing _, Setting.Unset _ -> found.text();
        };
        fault(name, Text.format("is %s, must be %s", shown, expected));
        return Optional.empty();
    }

    private Optional<Setting> find(String name) {
        asked.add(name);
        return Optional.ofNullable(given.get(name)).filter(value -> !(value instanceof Setting.Unset));
    }
}
