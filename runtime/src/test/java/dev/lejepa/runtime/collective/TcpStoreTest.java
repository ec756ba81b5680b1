package dev.lejepa.runtime.collective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lejepa.graphs.BadInputException;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TcpStoreTest {
    /// What a store does with one client.
    @FunctionalInterface
    private interface Answers {
        void to(InputStream in, OutputStream out) throws IOException;
    }

    private static Thread serve(ServerSocket server, Answers answers, int clients) {
        return Thread.ofPlatform().daemon().start(() -> {
            for (var i = 0; i < clients; i++) {
                try (Socket client = server.accept()) {
                    answers.to(client.getInputStream(), client.getOutputStream());
                } catch (IOException e) {
                    return; // the client has left
                }
            }
        });
    }

    private static Map<String, String> environment(int port) {
        return Map.of("MASTER_ADDR", "localhost", "MASTER_PORT", Integer.toString(port));
    }

    private static ServerSocket server() throws IOException {
        return new ServerSocket(0, 5, InetAddress.getByName("localhost"));
    }

    /// A store that knows what the client asks for, byte for byte.
    private record Store(Map<String, byte[]> values) {
        void answer(InputStream in, OutputStream out) throws IOException {
            var data = new DataInputStream(in);
            for (var kind = in.read(); kind >= 0; kind = in.read()) {
                switch (kind) {
                    case 0 -> assertEquals(0x3C85F7CE, Integer.reverseBytes(data.readInt()));
                    case 13 -> out.write(data.readNBytes(4));
                    case 1 -> values.put(new String(text(data), StandardCharsets.UTF_8), text(data));
                    case 3 -> {
                        var value = values.get(new String(text(data), StandardCharsets.UTF_8));
                        out.write(ByteBuffer.allocate(8)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putLong(value.length)
                                .array());
                        out.write(value);
                    }
                    case 6 -> {
                        assertEquals(1, Long.reverseBytes(data.readLong()));
                        assertTrue(values.containsKey(new String(text(data), StandardCharsets.UTF_8)));
                        out.write(0);
                    }
                    default -> throw new IOException("request " + kind);
                }
                out.flush();
            }
        }

        private static byte[] text(DataInputStream data) throws IOException {
            return data.readNBytes((int) Long.reverseBytes(data.readLong()));
        }
    }

    @Test
    void whatOneProcessLeavesAnotherFinds() throws IOException {
        var store = new Store(new ConcurrentHashMap<>());
        try (var server = server()) {
            serve(server, store::answer, 2);
            var id = new byte[] {1, 0, -1};
            try (var first = TcpStore.connect(environment(server.getLocalPort()))) {
                first.set("lejepa/id", id);
                assertArrayEquals(id, first.get("lejepa/id"));
            }
            assertEquals(
                    Map.of("/lejepa/id", 3), Map.of("/lejepa/id", store.values().get("/lejepa/id").length));
            try (var second = TcpStore.connect(environment(server.getLocalPort()))) {
                assertArrayEquals(id, second.get("lejepa/id"));
            }
        }
    }

    @Test
    void somebodyElseAtThePortIsNamed() throws IOException {
        try (var server = server()) {
            serve(server, (_, out) -> out.write("HTTP/1.0 400 Bad request".getBytes(StandardCharsets.UTF_8)), 1);
            var refused =
                    assertThrows(BadInputException.class, () -> TcpStore.connect(environment(server.getLocalPort())));
            assertTrue(String.valueOf(refused.getMessage()).contains("MASTER_PORT=" + server.getLocalPort()));
        }
    }

    @Test
    void aPortWithoutAStoreIsNamed() throws IOException {
        int port;
        try (var server = server()) {
            port = server.getLocalPort();
        }
        var refused = assertThrows(BadInputException.class, () -> TcpStore.connect(environment(port)));
        assertTrue(String.valueOf(refused.getMessage()).contains("MASTER_PORT=" + port + ": nobody listens"));
        assertThrows(BadInputException.class, () -> TcpStore.connect(Map.of("MASTER_PORT", "99999")));
    }

    @Test
    void torchrunWithoutCudaDevicesIsToldWhatToUse() {
        var launch = new Launch(Launch.Launcher.TORCHRUN, 0, 2, 0, 2);
        var refused = assertThrows(
                BadInputException.class, () -> Ranks.join(launch, environment(1), OptionalInt.empty(), _ -> {}));
        assertTrue(String.valueOf(refused.getMessage()).contains("mpirun"));
    }
}
