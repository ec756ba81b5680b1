package dev.lejepa.trainer.source;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Braces in names as a shell writes them: `train-{0000..0146}.tar` is numbers that keep their zeros, `{a,b}` a choice;
/// choices may hold braces. What is neither stays as it is.
final class Braces {
    /// More names than anyone has shards.
    private static final int MOST = 1_000_000;

    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})\\.\\.(\\d{1,9})");

    private Braces() {}

    /// All names that a text stands for, in the order of its numbers and choices.
    ///
    /// @throws BadInputException if they are more than a million
    static List<String> expand(String text) {
        int open = text.indexOf('{');
        int close = open < 0 ? -1 : closing(text, open);
        if (close < 0) {
            return List.of(text);
        }
        var names = new ArrayList<String>();
        List<String> choices = choices(text.substring(open + 1, close));
        for (String rest : expand(text.substring(close + 1))) {
            requireFew(text, (long) names.size() + choices.size());
            choices.forEach(choice -> names.add(text.substring(0, open) + choice + rest));
        }
        return choices.size() > 1 ? byChoice(names, choices.size()) : names;
    }

    /// The last braces change fastest.
    private static List<String> byChoice(List<String> names, int choices) {
        var ordered = new ArrayList<String>(names.size());
        for (int choice = 0; choice < choices; choice++) {
            for (int at = choice; at < names.size(); at += choices) {
                ordered.add(names.get(at));
            }
        }
        return ordered;
    }

    private static List<String> choices(String inside) {
        Matcher range = RANGE.matcher(inside);
        if (range.matches()) {
            return numbers(inside, range.group(1), range.group(2));
        }
        var choices = new ArrayList<String>();
        int depth = 0;
        int begin = 0;
        for (int i = 0; i < inside.length(); i++) {
            char c = inside.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (c == ',' && depth == 0) {
                choices.addAll(expand(inside.substring(begin, i)));
                begin = i + 1;
            }
        }
        if (begin == 0) {
            return expand(inside).stream().map(only -> "{" + only + "}").toList();
        }
        choices.addAll(expand(inside.substring(begin)));
        return choices;
    }

    private static List<String> numbers(String inside, String first, String last) {
        int from = Integer.parseInt(first);
        int to = Integer.parseInt(last);
        requireFew("{" + inside + "}", Math.abs((long) to - from) + 1);
        boolean padded = first.startsWith("0") && first.length() > 1 || last.startsWith("0") && last.length() > 1;
        int width = padded ? Math.max(first.length(), last.length()) : 1;
        var numbers = new ArrayList<String>();
        for (int number = from; ; number += from <= to ? 1 : -1) {
            String digits = Integer.toString(number);
            numbers.add("0".repeat(Math.max(0, width - digits.length())) + digits);
            if (number == to) {
                return numbers;
            }
        }
    }

    private static int closing(String text, int open) {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return -1;
    }

    private static void requireFew(String text, long names) {
        if (names > MOST) {
            throw new BadInputException(Text.format("%s: stands for more than %d names", text, MOST));
        }
    }
}
