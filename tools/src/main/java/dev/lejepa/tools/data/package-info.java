/// What `data info`, `data preview` and `data pack` tell of images: [dev.lejepa.tools.data.SourceSummary] counts what a
/// source holds, [dev.lejepa.tools.data.Preview] draws what a recipe makes of it.
@NullMarked
package dev.lejepa.tools.data;

import org.jspecify.annotations.NullMarked;
