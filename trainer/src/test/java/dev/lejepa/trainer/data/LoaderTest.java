package dev.lejepa.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.random.Draws;
import dev.lejepa.graphs.recipe.Share;
import dev.lejepa.trainer.image.RgbImage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class LoaderTest {
    private static final int IMAGES = 21;
    private static final int BATCH = 4;
    private static final long MAX_PIXELS = 1 << 20;
    /// Three views of 2 x 2 pixels: the first value is the image's red, the second one a draw.
    private static final ViewGroup GLOBAL = new ViewGroup("global", 3, 2, () -> LoaderTest::redAndDraw);

    private static final ViewGroup LOCAL = new ViewGroup("local", 2, 2, () -> LoaderTest::redAndDraw);
    private static final ViewGroup EVAL = new ViewGroup("views", 1, 2, () -> (image, draws, to) -> red(image, to));

    @TempDir
    private Path root;

    private static void redAndDraw(RgbImage image, Draws draws, MemorySegment to) {
        red(image, to);
        to.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4, draws.uniformFloat());
    }

    private static void red(RgbImage image, MemorySegment to) {
        to.set(ValueLayout.JAVA_BYTE, 0, image.toArray()[0]);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7})
    void batchesAreTheSameForAnyNumberOfThreads(int threads) throws Exception {
        ImageStore store = store(0);
        assertEquals(steps(store, 0, 12, new LoaderSize(1, 2)), steps(store, 0, 12, new LoaderSize(threads, 4)));
    }

    @Test
    void aLoaderThatStartsLaterDeliversTheSameBatches() throws Exception {
        ImageStore store = store(0);
        List<String> all = steps(store, 0, 12, new LoaderSize(2, 3));
        assertEquals(all.subList(7, 12), steps(store, 7, 12, new LoaderSize(2, 3)));
    }

    /// Ranks 0, 1, ... after each other have the very rows of the whole batch, of a broken image's stand-in too.
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void sharesOfABatchAreItsRows(int ranks) throws Exception {
        TestImages.numbered(root, IMAGES);
        int[] order = order().of(0);
        breakPixels(order[1]);
        breakPixels(order[2]);
        breakHeader(order[7]);
        ImageStore store = ImageStore.open(ImageFolder.of(root), MAX_PIXELS, 0.2, 0);
        List<TrainLoader> shares = new ArrayList<>();
        try (TrainLoader whole = train(store, 2, 12, new LoaderSize(2, 2))) {
            for (int rank = 0; rank < ranks; rank++) {
                Share share = new Share(rank, ranks, BATCH);
                shares.add(new TrainLoader(store, order(), share, List.of(GLOBAL, LOCAL), 2, 12, new LoaderSize(2, 2)));
            }
            while (whole.hasNext()) {
                try (Batch batch = whole.next()) {
                    for (int rank = 0; rank < ranks; rank++) {
                        Share share = new Share(rank, ranks, BATCH);
                        try (Batch part = shares.get(rank).next()) {
                            assertEquals(share.images(), part.size());
                            assertEquals(share.images(), part.valid());
                            for (int row = 0; row < part.size(); row++) {
                                assertEquals(row(batch, share.first() + row), row(part, row));
                            }
                            assertEquals(
                                    batch.files().subList(share.first(), share.first() + share.images()), part.files());
                        }
                    }
                }
            }
        } finally {
            shares.forEach(TrainLoader::close);
        }
    }

    private static String row(Batch batch, int row) {
        return Arrays.toString(batch.views(0).asSlice(row * 36L, 36).toArray(ValueLayout.JAVA_BYTE))
                + Arrays.toString(batch.views(1).asSlice(row * 24L, 24).toArray(ValueLayout.JAVA_BYTE))
                + batch.images()[row]
                + " "
                + batch.labels()[row];
    }

    @Test
    void rangesOfImagesAreEvaluatedAsAllAre() throws Exception {
        ImageStore store = store(0);
        List<Path> all = new ArrayList<>();
        for (int rank = 0; rank < 4; rank++) {
            ImageRange range = ImageRange.of(store.source(), 4, rank, 4);
            try (EvalLoader loader = new EvalLoader(store, range, 4, EVAL, new LoaderSize(2, 2))) {
                while (loader.hasNext()) {
                    try (Batch batch = loader.next()) {
                        all.addAll(batch.files());
                    }
                }
            }
        }
        List<Path> expected = new ArrayList<>();
        for (int image = 0; image < IMAGES; image++) {
            expected.add(store.source().path(image));
        }
        assertEquals(expected, all);
        assertEquals(new ImageRange(8, 4), ImageRange.of(store.source(), 4, 1, 5), "whole batches of 6");
        assertEquals(0, ImageRange.of(store.source(), 4, 6, 7).images());
    }

    @Test
    void imagesKeptInMemoryGiveTheSameBatches() throws Exception {
        LoaderSize size = new LoaderSize(2, 3);
        assertEquals(steps(store(0), 0, 12, size), steps(store(ImageStore.CACHE_BYTES), 0, 12, size));
    }

    @Test
    void batchesFollowTheEpochOrder() throws Exception {
        EpochOrder order = order();
        try (TrainLoader loader = train(store(0), 0, 10, new LoaderSize(2, 2))) {
            for (int step = 0; loader.hasNext(); step++) {
                try (Batch batch = loader.next()) {
                    int from = step % 5 * BATCH;
                    assertEquals(step, batch.number());
                    assertEquals(BATCH, batch.valid());
                    int[] expected = Arrays.copyOfRange(order.of(step / 5), from, from + BATCH);
                    assertEquals(Arrays.toString(expected), Arrays.toString(batch.images()));
                    for (int n = 0; n < BATCH; n++) {
                        assertEquals(expected[n], at(batch, 0, n * 36L), "first view of row " + n);
                        assertEquals(expected[n], at(batch, 1, n * 24L + 12), "second local view of row " + n);
                    }
                }
            }
        }
    }

    @Test
    void everyViewOfEveryImageAndEpochHasItsOwnDraws() throws Exception {
        TreeSet<Float> draws = new TreeSet<>();
        try (TrainLoader loader = train(store(0), 0, 10, new LoaderSize(2, 2))) {
            while (loader.hasNext()) {
                try (Batch batch = loader.next()) {
                    for (long row = 0; row < BATCH * 3; row++) {
                        draws.add(drawAt(batch, 0, row));
                    }
                    for (long row = 0; row < BATCH * 2; row++) {
                        draws.add(drawAt(batch, 1, row));
                    }
                }
            }
        }
        assertEquals(10 * BATCH * 5, draws.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void brokenImagesAreReplacedByTheNextGoodOnesOfTheEpoch(int threads) throws Exception {
        TestImages.numbered(root, IMAGES);
        int[] order = order().of(0);
        breakHeader(order[2]);
        breakPixels(order[3]);
        breakPixels(order[20]);
        ImageStore store = ImageStore.open(ImageFolder.of(root), MAX_PIXELS, 0.2, 0);
        assertEquals(1, store.broken().count());
        try (TrainLoader loader = train(store, 0, 5, new LoaderSize(threads, 2));
                Batch batch = loader.next()) {
            float[] reds = {at(batch, 0, 0), at(batch, 0, 36), at(batch, 0, 72), at(batch, 0, 108)};
            float[] expected = {order[0], order[1], order[4], order[4]};
            assertEquals(Arrays.toString(expected), Arrays.toString(reds));
            assertNotEquals(drawAt(batch, 0, 6), drawAt(batch, 0, 9), "the two stand-ins have the same draws");
            assertEquals(ImageFolder.of(root).path(order[4]), batch.files().get(2));
        }
        assertTrue(store.broken().count() >= 2);
    }

    @Test
    void anImageThatClaimsTooManyPixelsCountsAsBrokenByItsHeader() throws IOException {
        TestImages.numbered(root, 3);
        BufferedImage larger = new BufferedImage(5, 3, BufferedImage.TYPE_INT_RGB);
        ImageIO.write(larger, "png", root.resolve("c/001.png").toFile());
        ImageStore store = ImageStore.open(ImageFolder.of(root), 12, 0.5, 0);
        assertEquals(
                "c/001.png (claims 5 x 3 = 15 pixels, more than data.max_pixels = 12)",
                store.broken().names());
    }

    @Test
    void tooManyBrokenHeadersStopBeforeTheStartWithTheFirstTenNamed() throws IOException {
        TestImages.numbered(root, IMAGES);
        for (int i = 0; i < 12; i++) {
            breakHeader(i);
        }
        ImageFolder folder = ImageFolder.of(root);
        String message = assertThrows(BadInputException.class, () -> ImageStore.open(folder, MAX_PIXELS, 0.5, 0))
                .getMessage();
        assertTrue(message.contains("12 of 21 images cannot be read, more than max_broken = 0.5"), message);
        assertTrue(message.contains("c/009.png") && !message.contains("c/010.png"), message);
    }

    @Test
    void tooManyBrokenPixelsStopTheRunWithTheFilesNamed() throws Exception {
        TestImages.numbered(root, IMAGES);
        breakPixels(5);
        breakPixels(6);
        ImageStore store = ImageStore.open(ImageFolder.of(root), MAX_PIXELS, 0.05, 0);
        try (TrainLoader loader = train(store, 0, 50, new LoaderSize(2, 2))) {
            BadInputException stop = assertThrows(BadInputException.class, () -> drain(loader));
            assertTrue(stop.getMessage().contains("2 of 21 images cannot be read"), stop.getMessage());
            assertTrue(
                    stop.getMessage().contains("c/005.png") && stop.getMessage().contains("c/006.png"));
        }
    }

    @Test
    void aFaultOfAWorkerReachesTheConsumerAtItsBatchWithTheFileNamed() throws Exception {
        ImageStore store = store(0);
        int[] order = order().of(0);
        ViewGroup faulty = new ViewGroup("views", 1, 2, () -> (image, draws, to) -> {
            if ((image.toArray()[0] & 0xFF) == order[9]) {
                throw new IndexOutOfBoundsException("view 9");
            }
        });
        try (TrainLoader loader = new TrainLoader(store, order(), List.of(faulty), 0, 5, new LoaderSize(2, 4))) {
            loader.next().close();
            loader.next().close();
            IllegalStateException fault = assertThrows(IllegalStateException.class, loader::next);
            assertTrue(fault.getMessage().contains(store.source().path(order[9]).toString()), fault.getMessage());
            assertTrue(fault.getCause() instanceof IndexOutOfBoundsException);
        }
    }

    @Test
    void evaluationVisitsEveryImageInOrderAndPadsTheLastBatch() throws Exception {
        List<Integer> reds = new ArrayList<>();
        List<Integer> valid = new ArrayList<>();
        try (EvalLoader loader = new EvalLoader(store(0), 8, EVAL, new LoaderSize(2, 2))) {
            while (loader.hasNext()) {
                try (Batch batch = loader.next()) {
                    valid.add(batch.valid());
                    for (int row = 0; row < batch.valid(); row++) {
                        reds.add(at(batch, 0, row * 12L));
                    }
                    for (long i = batch.valid() * 12L; i < 8 * 12; i++) {
                        assertEquals(0, at(batch, 0, i));
                    }
                }
            }
        }
        assertEquals(List.of(8, 8, 5), valid);
        assertEquals(IMAGES, reds.size());
        for (int i = 0; i < IMAGES; i++) {
            assertEquals(i, reds.get(i));
        }
    }

    @Test
    void evaluationLeavesBrokenImagesOutAndKeepsTheOrder() throws Exception {
        TestImages.numbered(root, IMAGES);
        breakHeader(1);
        breakPixels(3);
        ImageStore store = ImageStore.open(ImageFolder.of(root), MAX_PIXELS, 0.2, 0);
        try (EvalLoader loader = new EvalLoader(store, 8, EVAL, new LoaderSize(2, 2));
                Batch batch = loader.next()) {
            assertEquals(6, batch.valid());
            assertEquals("[0, 2, 4, 5, 6, 7, 0, 0]", Arrays.toString(batch.images()));
            assertEquals(4, at(batch, 0, 2 * 12));
            assertEquals(0, at(batch, 0, 6 * 12));
            assertEquals(6, batch.files().size());
        }
    }

    @Test
    void labelsAreRepeatedForViews() throws Exception {
        TestImages.folder(root, "a/1.png", "b/2.png");
        ImageStore store = ImageStore.open(ImageFolder.of(root), MAX_PIXELS, 0, 0);
        try (EvalLoader loader = new EvalLoader(store, 2, EVAL, new LoaderSize(1, 2));
                Batch batch = loader.next()) {
            assertEquals("[0, 1]", Arrays.toString(batch.labels()));
            assertEquals("[0, 0, 0, 1, 1, 1]", Arrays.toString(batch.labels(3)));
        }
    }

    @Test
    void workersSleepWhenAllBuffersAreFull() throws Exception {
        AtomicInteger made = new AtomicInteger();
        CountDownLatch full = new CountDownLatch(2 * BATCH);
        ViewGroup counting = new ViewGroup("views", 1, 2, () -> (image, draws, to) -> {
            made.incrementAndGet();
            full.countDown();
        });
        try (TrainLoader loader = new TrainLoader(store(0), order(), List.of(counting), 0, 5, new LoaderSize(2, 2))) {
            full.await();
            Thread.sleep(Duration.ofMillis(50));
            assertEquals(2 * BATCH, made.get());
            loader.next().close();
            loader.next().close();
            loader.next().close();
        }
    }

    @Test
    void closingEndsTheThreadsAndFreesTheMemory() throws Exception {
        TrainLoader loader = train(store(0), 0, 1000, new LoaderSize(3, 2));
        Batch batch = loader.next();
        MemorySegment views = batch.views(0);
        loader.close();
        loader.close();
        assertFalse(views.scope().isAlive());
        assertTrue(Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("train-loader")));
        assertThrows(IllegalStateException.class, loader::next);
        batch.close();
    }

    @Test
    void anInterruptWakesTheWaitingConsumer() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        ViewGroup stuck = new ViewGroup("views", 1, 2, () -> (image, draws, to) -> awaitQuietly(never));
        try (TrainLoader loader = new TrainLoader(store(0), order(), List.of(stuck), 0, 5, new LoaderSize(1, 2))) {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, loader::next);
            never.countDown();
        }
    }

    @Test
    void aWishToStopEndsTheWaitForABatch() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        ViewGroup stuck = new ViewGroup("views", 1, 2, () -> (image, draws, to) -> awaitQuietly(never));
        try (TrainLoader loader = new TrainLoader(store(0), order(), List.of(stuck), 0, 5, new LoaderSize(1, 2))) {
            AtomicInteger asked = new AtomicInteger();
            assertFalse(loader.await(() -> asked.incrementAndGet() > 3));
            never.countDown();
            assertTrue(loader.await(() -> false));
            loader.next().close();
        }
    }

    @Test
    void closingDoesNotWaitForAWorkerThatIsStuckAndItsMemoryIsFreedLater() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        ViewGroup stuck = new ViewGroup("views", 1, 2, () -> (image, draws, to) -> {
            begun.countDown();
            awaitQuietly(never);
            to.set(ValueLayout.JAVA_BYTE, 0, (byte) 1); // still there
        });
        TrainLoader loader = new TrainLoader(store(0), order(), List.of(stuck), 0, 5, new LoaderSize(1, 2));
        begun.await();
        loader.close();
        List<Thread> left = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("train-loader"))
                .toList();
        assertEquals(1, left.size());
        never.countDown();
        left.getFirst().join(Duration.ofSeconds(10));
        assertFalse(left.getFirst().isAlive());
    }

    @Test
    void aBatchThatWasGivenBackCannotBeRead() throws Exception {
        try (TrainLoader loader = train(store(0), 0, 5, new LoaderSize(1, 2))) {
            Batch batch = loader.next();
            batch.close();
            assertThrows(IllegalStateException.class, () -> batch.views(0));
        }
    }

    @Test
    void depthIsBoundedByMemory() {
        assertEquals(4, LoaderSize.of(Workers.fixed(1), BATCH, List.of(GLOBAL)).depth());
        assertEquals(
                2,
                LoaderSize.of(
                                Workers.fixed(1),
                                2048,
                                List.of(new ViewGroup("views", 2, 224, () -> LoaderTest::redAndDraw)))
                        .depth());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("the loader interrupts its workers", e);
        }
    }

    private ImageStore store(long cacheBytes) throws IOException {
        return ImageStore.open(ImageFolder.of(TestImages.numbered(root, IMAGES)), MAX_PIXELS, 0.1, cacheBytes);
    }

    private static EpochOrder order() {
        return new EpochOrder(7, new Ordering.Free(IMAGES), BATCH);
    }

    private static TrainLoader train(ImageStore store, long first, long end, LoaderSize size) {
        return new TrainLoader(store, order(), List.of(GLOBAL, LOCAL), first, end, size);
    }

    /// The contents of each batch, as text.
    private static List<String> steps(ImageStore store, long first, long end, LoaderSize size) throws Exception {
        List<String> steps = new ArrayList<>();
        try (TrainLoader loader = train(store, first, end, size)) {
            while (loader.hasNext()) {
                try (Batch batch = loader.next()) {
                    steps.add("%d %s %s %s %s %s"
                            .formatted(
                                    batch.number(),
                                    Arrays.toString(batch.images()),
                                    Arrays.toString(batch.labels()),
                                    batch.files(),
                                    Arrays.toString(batch.views(0).toArray(ValueLayout.JAVA_BYTE)),
                                    Arrays.toString(batch.views(1).toArray(ValueLayout.JAVA_BYTE))));
                }
            }
        }
        return steps;
    }

    private static void drain(TrainLoader loader) throws InterruptedException {
        while (loader.hasNext()) {
            loader.next().close();
        }
    }

    private static int at(Batch batch, int group, long index) {
        return batch.views(group).get(ValueLayout.JAVA_BYTE, index) & 0xFF;
    }

    private static float drawAt(Batch batch, int group, long row) {
        return batch.views(group).get(ValueLayout.JAVA_FLOAT_UNALIGNED, row * 12 + 4);
    }

    private void breakHeader(int image) throws IOException {
        Files.write(file(image), new byte[0]);
    }

    /// Cuts the file off within its pixels: 20 bytes less would lack only what nobody needs, checksums and the end mark.
    private void breakPixels(int image) throws IOException {
        byte[] whole = Files.readAllBytes(file(image));
        Files.write(file(image), Arrays.copyOf(whole, whole.length - 30));
    }

    private Path file(int image) {
        return root.resolve("c/%03d.png".formatted(image));
    }

    @Test
    void threadsAreAddedWhileTheConsumerWaits() throws Exception {
        Set<String> threads = ConcurrentHashMap.newKeySet();
        ViewGroup slow = new ViewGroup("global", 1, 2, () -> (image, draws, to) -> {
            threads.add(Thread.currentThread().getName());
            LockSupport.parkNanos(1_000_000);
        });
        int batches = 5 * WorkerCount.WINDOW;
        LoaderSize size = new LoaderSize(new Workers(1, 3), 4);
        try (TrainLoader loader = new TrainLoader(store(0), order(), List.of(slow), 0, batches, size)) {
            while (loader.hasNext()) {
                loader.next().close();
            }
        }
        assertEquals(Set.of("train-loader-0", "train-loader-1", "train-loader-2"), threads);
    }

    /// The batch is begun only when it was asked for twice, between which a loader waits for some time.
    @Test
    void whatIsWaitedWhileAskingToStopIsToldWithTheBatch() throws Exception {
        CountDownLatch asked = new CountDownLatch(2);
        ViewGroup late = new ViewGroup("global", 1, 2, () -> (image, draws, to) -> awaitQuietly(asked));
        try (TrainLoader loader = new TrainLoader(store(0), order(), List.of(late), 0, 1, new LoaderSize(1, 2))) {
            assertTrue(loader.await(() -> {
                asked.countDown();
                return false;
            }));
            try (Batch batch = loader.next()) {
                assertTrue(batch.waitMillis() > 10, "waited " + batch.waitMillis() + " ms");
            }
        }
    }
}
