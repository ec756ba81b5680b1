package dev.lejepa.graphs.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.lejepa.graphs.BadInputException;
import dev.lejepa.graphs.Text;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// The JSON in front of the tensors.
///
/// @param tensors in the order of the header
/// @param metadata free-form notes
record Header(SequencedMap<String, Placed> tensors, SequencedMap<String, String> metadata) {
    static final String METADATA = "__metadata__";

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /// A tensor and the place of its bytes, counted from the end of the header.
    record Placed(TensorInfo info, long begin, long end) {}

    Header {
        tensors = Collections.unmodifiableSequencedMap(tensors);
        metadata = Collections.unmodifiableSequencedMap(metadata);
    }

    /// The header's bytes for tensors laid end to end, padded with spaces so that the data is 8-byte aligned.
    static byte[] encode(List<TensorInfo> tensors, Map<String, String> metadata) throws IOException {
        var out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(METADATA);
                for (var note : metadata.entrySet()) {
                    json.writeStringField(note.getKey(), note.getValue());
                }
                json.writeEndObject();
            }
            long position = 0;
            for (TensorInfo tensor : tensors) {
                json.writeObjectFieldStart(tensor.name());
                json.writeStringField("dtype", tensor.type().name());
                writeNumbers(json, "shape", tensor.shape());
                writeNumbers(json, "data_offsets", List.of(position, position + tensor.bytes()));
                json.writeEndObject();
                position += tensor.bytes();
            }
            json.writeEndObject();
        }
        int length = out.size();
        byte[] padded = Arrays.copyOf(out.toByteArray(), Math.ceilDiv(length, Long.BYTES) * Long.BYTES);
        Arrays.fill(padded, length, padded.length, (byte) ' ');
        return padded;
    }

    private static void writeNumbers(JsonGenerator json, String field, List<Long> values) throws IOException {
        json.writeArrayFieldStart(field);
        for (long value : values) {
            json.writeNumber(value);
        }
        json.writeEndArray();
    }

    /// Reads a header.
    ///
    /// @param file names the file in messages
    static Header decode(byte[] bytes, String file) {
        var tensors = new LinkedHashMap<String, Placed>();
        var metadata = new LinkedHashMap<String, String>();
        try (JsonParser json = JSON.createParser(bytes)) {
            expect(json.nextToken() == JsonToken.START_OBJECT, file, "its header is not a JSON object");
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                expect(json.nextToken() == JsonToken.START_OBJECT, file, "tensor " + name + " is not described");
                if (name.equals(METADATA)) {
                    readMetadata(json, metadata, file);
                } else {
                    tensors.put(name, readTensor(json, name, file));
                }
            }
            expect(json.currentToken() == JsonToken.END_OBJECT, file, "its header ends early");
        } catch (JsonEOFException e) {
            throw bad(file, "its header ends early");
        } catch (JsonParseException e) {
            if (e.getOriginalMessage().startsWith("Duplicate field ")) {
                String name = e.getOriginalMessage().substring("Duplicate field ".length());
                throw new BadInputException(
                        Text.format("%s: not a usable safetensors file, %s stands twice in its header", file, name), e);
            }
            throw new BadInputException(
                    Text.format(
                            "%s: not a safetensors file, its header is not JSON (%s)", file, e.getOriginalMessage()),
                    e);
        } catch (IOException e) {
            throw new BadInputException(Text.format("%s: its header ends early", file), e);
        }
        return new Header(tensors, metadata);
    }

    private static void readMetadata(JsonParser json, Map<String, String> metadata, String file) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            expect(json.nextToken() == JsonToken.VALUE_STRING, file, METADATA + "." + key + " is not a text");
            metadata.put(key, json.getText());
        }
    }

    private static Placed readTensor(JsonParser json, String name, String file) throws IOException {
        String type = "";
        List<Long> shape = null;
        List<Long> offsets = List.of();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "dtype" -> type = json.getText();
                case "shape" -> shape = readNumbers(json, name, field, file);
                case "data_offsets" -> offsets = readNumbers(json, name, field, file);
                default -> throw bad(file, Text.format("tensor %s has an unknown field %s", name, field));
            }
        }
        String found = type;
        ElementType element = ElementType.named(type)
                .orElseThrow(() -> bad(
                        file,
                        Text.format(
                                "tensor %s has the unknown dtype '%s', expected one of %s",
                                name, found, Arrays.toString(ElementType.values()))));
        if (shape == null || offsets.size() != 2) {
            throw bad(file, Text.format("tensor %s lacks its shape or its two data_offsets", name));
        }
        return new Placed(new TensorInfo(name, element, shape), offsets.get(0), offsets.get(1));
    }

    private static List<Long> readNumbers(JsonParser json, String name, String field, String file) throws IOException {
        var numbers = new ArrayList<Long>();
        boolean list = json.currentToken() == JsonToken.START_ARRAY;
        while (list && json.nextToken() == JsonToken.VALUE_NUMBER_INT) {
            numbers.add(json.getLongValue());
        }
        boolean counts = numbers.stream().allMatch(number -> number >= 0);
        expect(
                list && counts && json.currentToken() == JsonToken.END_ARRAY,
                file,
                Text.format("tensor %s: %s is not a list of whole numbers", name, field));
        return numbers;
    }

    private static void expect(boolean holds, String file, String otherwise) {
        if (!holds) {
            throw bad(file, otherwise);
        }
    }

    private static BadInputException bad(String file, String problem) {
        return new BadInputException(file + ": not a usable safetensors file, " + problem);
    }
}
