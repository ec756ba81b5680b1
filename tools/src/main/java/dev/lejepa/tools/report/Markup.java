package dev.lejepa.tools.report;

import dev.lejepa.graphs.Escapes;
import dev.lejepa.graphs.Text;

/// HTML or SVG in the making. Texts and values of attributes may hold anything: they are escaped here and nowhere else.
final class Markup {
    private final StringBuilder out = new StringBuilder();

    /// Begins an element.
    ///
    /// @param attributes names and values in turn
    Markup open(String element, String... attributes) {
        out.append('<').append(element);
        for (var i = 0; i < attributes.length; i += 2) {
            out.append(' ')
                    .append(attributes[i])
                    .append("=\"")
                    .append(escaped(attributes[i + 1]))
                    .append('"');
        }
        out.append('>');
        return this;
    }

    /// Ends an element.
    Markup close(String element) {
        out.append("</").append(element).append(">\n");
        return this;
    }

    /// An element with a text in it.
    Markup element(String element, String text, String... attributes) {
        return open(element, attributes).text(text).close(element);
    }

    Markup text(String text) {
        out.append(escaped(text));
        return this;
    }

    /// What is markup already.
    Markup add(Markup markup) {
        out.append(markup.out);
        return this;
    }

    private static String escaped(String text) {
        return Escapes.unprintable(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /// A coordinate with two decimals.
    static String at(double value) {
        return Text.format("%.2f", value);
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
