package dev.lejepa.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {
    @ParameterizedTest
    @ValueSource(strings = {"en-US", "ar-EG", "tr-TR", "de-DE", "th-TH-u-nu-thai"})
    void numbersAreTheSameInEveryLocale(String locale) {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag(locale));
        try {
            assertEquals(
                    "step-000012 1,234.50 1.5e-07 FI",
                    Text.format("step-%06d %,.2f %.1e %S", 12, 1234.5, 1.5e-7, "fi"));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void pathsAreShown() {
        assertEquals(
                "a\\nb and 'ü\\udcfc'", Text.format("%s and '%s'", PathText.path("a\nb"), PathText.path("ü\udcfc")));
    }
}
