package dev.lejepa.tools.architecture;

import java.lang.classfile.constantpool.MemberRefEntry;
import java.util.Map;
import java.util.Set;

/// Calls into the JDK whose result follows the default locale.
final class LocaleCalls {
    private static final String WITH_LOCALE = "(Ljava/util/Locale;";

    /// Methods that follow it unless a locale is their first argument.
    private static final Map<String, Set<String>> METHODS = Map.of(
            "java/lang/String", Set.of("formatted", "format", "toLowerCase", "toUpperCase"),
            "java/io/PrintStream", Set.of("format", "printf"),
            "java/io/PrintWriter", Set.of("format", "printf"),
            "java/io/Console", Set.of("format", "printf", "readLine"),
            "java/util/Locale", Set.of("getDefault"));

    /// Classes that follow it unless they are made with care.
    private static final Set<String> CLASSES = Set.of(
            "java/text/BreakIterator",
            "java/text/ChoiceFormat",
            "java/text/Collator",
            "java/text/DateFormat",
            "java/text/DateFormatSymbols",
            "java/text/DecimalFormat",
            "java/text/DecimalFormatSymbols",
            "java/text/MessageFormat",
            "java/text/NumberFormat",
            "java/text/SimpleDateFormat",
            "java/time/format/DateTimeFormatter",
            "java/time/format/DateTimeFormatterBuilder",
            "java/util/Calendar",
            "java/util/Formatter",
            "java/util/ResourceBundle",
            "java/util/Scanner");

    private LocaleCalls() {}

    static boolean isOne(MemberRefEntry member) {
        String owner = member.owner().asInternalName();
        return CLASSES.contains(owner)
                || METHODS.getOrDefault(owner, Set.of()).contains(member.name().stringValue())
                        && !member.type().stringValue().startsWith(WITH_LOCALE);
    }
}
