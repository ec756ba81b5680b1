package dev.lejepa.tools.data;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import dev.lejepa.graphs.recipe.Recipe;
import dev.lejepa.graphs.recipe.ViewGroupSpec;
import dev.lejepa.trainer.data.EpochOrder;
import dev.lejepa.trainer.data.ImageSource;
import dev.lejepa.trainer.image.BrokenImageException;
import dev.lejepa.trainer.image.ImageDecoder;
import dev.lejepa.trainer.image.RgbImage;
import dev.lejepa.trainer.image.ViewDraw;
import dev.lejepa.trainer.image.ViewPipeline;
import dev.lejepa.trainer.image.ViewSampler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The first images of a run's first batch with their views: what a loader would make of them, and what was drawn for
/// it.
///
/// @param images in the order of the batch
public record Preview(List<Row> images) {
    public Preview {
        images = List.copyOf(images);
    }

    /// An image and its views.
    ///
    /// @param image its number in the source
    public record Row(int image, RgbImage picture, List<View> views) {
        public Row {
            views = List.copyOf(views);
        }
    }

    /// A view as the network reads it, but for normalization.
    public record View(ViewDraw draw, RgbImage picture) {}

    /// Makes the views of a batch's first images.
    ///
    /// @param count images at most
    /// @throws BadInputException if no image can be read
    public static Preview of(ImageSource source, Recipe recipe, int count) {
        // the order does not depend on the size of batches; few images are worth a look too
        var batch = Math.min(recipe.data().batch(), source.size());
        var order = new EpochOrder(recipe.seed(), source, batch);
        var places = order.of(0);
        var maker = new Maker(recipe, order);
        var rows = new ArrayList<Row>();
        for (var place = 0; place < Math.min(count, batch); place++) {
            // as in training, the next good image stands in for a broken one and has the draws of its place
            var row = Optional.<Row>empty();
            for (var ahead = 0; ahead < places.length && row.isEmpty(); ahead++) {
                row = maker.row(source, places[(place + ahead) % places.length], places[place]);
            }
            rows.add(row.orElseThrow(() -> new BadInputException(
                    Text.format("%s: none of its %d images can be read", source.place(), source.size()))));
        }
        return new Preview(rows);
    }

    /// Makes rows one after another.
    private static final class Maker {
        private final List<ViewGroupSpec> groups;
        private final EpochOrder order;
        private final ImageDecoder decoder;
        private final ViewSampler sampler;
        private final ViewPipeline pipeline;

        Maker(Recipe recipe, EpochOrder order) {
            this.groups = recipe.views().groups();
            this.order = order;
            this.decoder = new ImageDecoder(recipe.data().maxPixels());
            this.sampler = new ViewSampler(recipe.views());
            this.pipeline = new ViewPipeline(recipe.views());
        }

        Optional<Row> row(ImageSource source, int image, int place) {
            var picture = new RgbImage();
            try {
                source.decode(image, decoder, picture);
            } catch (BrokenImageException e) {
                return Optional.empty();
            }
            var views = new ArrayList<View>();
            for (var group : groups) {
                for (var v = 0; v < group.crop().count(); v++) {
                    var draws = order.viewKey(0, place, group.first() + v).draws();
                    var draw = sampler.draw(picture.height(), picture.width(), group.crop(), draws);
                    var view = new RgbImage();
                    pipeline.render(picture, draw, view);
                    views.add(new View(draw, view));
                }
            }
            return Optional.of(new Row(image, picture, views));
        }
    }

    /// The number of views.
    public int views() {
        return images.stream().mapToInt(row -> row.views().size()).sum();
    }
}
