package dev.lejepa.tools.report;

import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.RecipeChanges;
import dev.lejepa.graphs.recipe.RecipeSettings;

/// A run's recipe: what differs from the defaults at first, all of it on request.
final class RecipeSection {
    private RecipeSection() {}

    static Markup of(Recipe recipe) {
        var markup = new Markup()
                .open("section")
                .element("h2", "Recipe")
                .element("p", "What differs from the defaults.", "class", "quiet")
                .open("div", "class", "wide")
                .open("table", "class", "settings")
                .open("thead")
                .open("tr")
                .element("th", "key")
                .element("th", "this run")
                .element("th", "default")
                .close("tr")
                .close("thead")
                .open("tbody");
        for (var change : RecipeChanges.between(Recipe.defaults(), recipe).all()) {
            markup.open("tr")
                    .element("td", change.key(), "class", "key")
                    .element("td", change.after())
                    .element("td", change.before(), "class", "quiet")
                    .close("tr");
        }
        markup.close("tbody").close("table").close("div");
        return markup.add(whole(recipe)).close("section");
    }

    private static Markup whole(Recipe recipe) {
        var markup = new Markup()
                .open("details")
                .element("summary", "The whole recipe")
                .open("div", "class", "wide")
                .open("table", "class", "settings");
        RecipeSettings.of(recipe)
                .forEach((key, value) -> markup.open("tr")
                        .element("td", key, "class", "key")
                        .element("td", value.text())
                        .close("tr"));
        return markup.close("table").close("div").close("details");
    }
}
