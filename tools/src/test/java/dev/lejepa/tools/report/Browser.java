package dev.lejepa.tools.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// Chromium without a window, which tests steer by its DevTools protocol: what a page logs, what it asks the network
/// for, and what it looks like.
final class Browser implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// For a machine that is busy with other things.
    private static final int PATIENCE_SECONDS = 120;

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final AtomicInteger number = new AtomicInteger();
    private final ConcurrentHashMap<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    private final CopyOnWriteArrayList<JsonNode> events = new CopyOnWriteArrayList<>();
    private final String session;

    private Browser(Process process, String address) {
        this.process = process;
        this.socket = http.newWebSocketBuilder()
                .buildAsync(URI.create(address), new Listener())
                .join();
        var target = call("", "Target.createTarget", fields("url", "about:blank"))
                .get("targetId")
                .asText();
        this.session = call(
                        "", "Target.attachToTarget", fields("targetId", target).put("flatten", true))
                .get("sessionId")
                .asText();
        for (var domain : List.of("Page", "Runtime", "Log", "Network")) {
            call(domain + ".enable", fields());
        }
    }

    /// The program, where there is one: that which the variable CHROME names, or one of the usual names on the path.
    static Optional<Path> program() {
        var named = Optional.ofNullable(System.getenv("CHROME")).map(Path::of);
        var folders = Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator);
        return Stream.concat(
                        named.stream(),
                        Stream.of(folders)
                                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                                        .map(name -> Path.of(folder).resolve(name))))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// Starts a program.
    ///
    /// @param scratch a folder for all that it writes
    static Browser start(Path program, Path scratch) throws IOException {
        var builder = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-background-networking",
                        "--no-first-run",
                        "--user-data-dir=" + scratch.resolve("profile"),
                        "--remote-debugging-port=0",
                        "about:blank")
                .redirectErrorStream(true);
        builder.environment().put("TMPDIR", Files.createDirectories(scratch).toString());
        var process = builder.start();
        var words = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var told = new ArrayList<String>();
        for (var line = words.readLine(); line != null; line = words.readLine()) {
            told.add(line);
            if (line.startsWith("DevTools listening on ")) {
                return new Browser(process, line.substring("DevTools listening on ".length()));
            }
        }
        throw new IOException(program + " did not start: " + told);
    }

    /// Shows a file.
    void open(Path page, int width, boolean dark) {
        call(
                "Emulation.setDeviceMetricsOverride",
                fields().put("width", width)
                        .put("height", 900)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", false));
        var media = fields().put("media", "");
        media.putArray("features")
                .addObject()
                .put("name", "prefers-color-scheme")
                .put("value", dark ? "dark" : "light");
        call("Emulation.setEmulatedMedia", media);
        events.clear();
        call("Page.navigate", fields("url", page.toUri().toString()));
        awaitEvent("Page.loadEventFired");
        // two frames: sizes are observed and drawn by then
        evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
    }

    private void awaitEvent(String method) {
        var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (events.stream().noneMatch(e -> e.path("method").asText().equals(method))) {
            if (System.nanoTime() > until) {
                throw new AssertionError(method + " did not happen; " + events);
            }
            Thread.onSpinWait();
        }
    }

    /// The value of an expression in the page, as JSON.
    JsonNode evaluate(String expression) {
        var result = call(
                "Runtime.evaluate",
                fields("expression", expression).put("returnByValue", true).put("awaitPromise", true));
        if (result.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + result);
        }
        return result.path("result").path("value");
    }

    /// What the page complained of since it was opened.
    List<String> complaints() {
        return events.stream()
                .filter(e -> switch (e.path("method").asText()) {
                    case "Runtime.exceptionThrown" -> true;
                    case "Runtime.consoleAPICalled" ->
                        List.of("error", "warning", "assert")
                                .contains(e.at("/params/type").asText());
                    case "Log.entryAdded" ->
                        List.of("error", "warning")
                                .contains(e.at("/params/entry/level").asText());
                    default -> false;
                })
                .map(JsonNode::toString)
                .toList();
    }

    /// Addresses that were asked for since the page was opened, but for the file itself and what is inside it.
    List<String> requests() {
        return events.stream()
                .filter(e -> e.path("method").asText().equals("Network.requestWillBeSent"))
                .map(e -> e.at("/params/request/url").asText())
                .filter(url -> !url.startsWith("file:") && !url.startsWith("data:"))
                .toList();
    }

    private static ObjectNode fields() {
        return JSON.createObjectNode();
    }

    private static ObjectNode fields(String name, String value) {
        return fields().put(name, value);
    }

    private JsonNode call(String method, ObjectNode params) {
        return call(session, method, params);
    }

    private JsonNode call(String session, String method, ObjectNode params) {
        var id = number.incrementAndGet();
        var answer = new CompletableFuture<JsonNode>();
        asked.put(id, answer);
        var message = fields().put("id", id).put("method", method);
        if (!session.isEmpty()) {
            message.put("sessionId", session);
        }
        message.set("params", params);
        socket.sendText(message.toString(), true).join();
        var told = answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        if (told.has("error")) {
            throw new AssertionError(method + ": " + told.get("error"));
        }
        return told.path("result");
    }

    /// Takes in answers and events.
    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                take(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return CompletableFuture.completedStage(null);
        }

        private void take(String message) {
            try {
                var json = JSON.readTree(message);
                if (json.has("id")) {
                    asked.remove(json.get("id").asInt()).complete(json);
                } else {
                    events.add(json);
                }
            } catch (IOException e) {
                throw new AssertionError(message, e);
            }
        }
    }

    /// Ends it, and all that it started: none writes to its profile any more.
    @Override
    public void close() {
        var all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        socket.abort();
        http.close();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(one ->
                one.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join());
    }
}
