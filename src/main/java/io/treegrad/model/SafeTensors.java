package io.treegrad.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.treegrad.common.UserError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Named float tensors in the safetensors layout: the length of a header as 8 little-endian bytes, the header as JSON,
 * padded with spaces to a multiple of 8 bytes, then the numbers of all tensors without a gap.
 *
 * <pre>{"__metadata__":{key:text, …}, name:{"dtype":"F32","shape":[…],"data_offsets":[begin,end]}, …}</pre>
 *
 * Equal content gives equal bytes. Source: <a href="https://huggingface.co/docs/safetensors">the format's
 * documentation</a>; only its type F32 is used here.
 */
public final class SafeTensors {
    private static final int MAX_HEADER_BYTES = 1 << 20;
    private static final int MAX_FLOATS = Integer.MAX_VALUE - 8;
    private static final String METADATA = "__metadata__";

    private final SortedMap<String, String> metadata;
    private final Map<String, Tensor> tensors;

    /**
     * @param metadata what the file says about itself
     * @param tensors by name, written in the order of this map
     */
    public SafeTensors(Map<String, String> metadata, Map<String, Tensor> tensors) {
        if (tensors.containsKey(METADATA)) {
            throw new IllegalArgumentException("a tensor is named " + METADATA + ", which the format keeps for itself");
        }
        this.metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
        this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }

    public SortedMap<String, String> metadata() {
        return metadata;
    }

    /** By name, in the order of their values in the file. */
    Map<String, Tensor> tensors() {
        return tensors;
    }

    public void writeTo(OutputStream out) throws IOException {
        byte[] header = header();
        int padded = (header.length + 7) / 8 * 8;
        if (padded > MAX_HEADER_BYTES) {
            throw new IllegalArgumentException("a header of " + padded + " bytes for " + tensors.size()
                    + " tensors, expected at most " + MAX_HEADER_BYTES);
        }
        byte[] start = Arrays.copyOf(
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(padded)
                        .array(),
                8 + padded);
        System.arraycopy(header, 0, start, 8, header.length);
        Arrays.fill(start, 8 + header.length, start.length, (byte) ' ');
        out.write(start);
        for (Tensor tensor : tensors.values()) {
            LittleEndianFloats.write(tensor.backing(), tensor.offset(), tensor.size(), out);
        }
    }

    public byte[] toBytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writeTo(out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    private byte[] header() {
        Map<String, Object> header = new LinkedHashMap<>();
        if (!metadata.isEmpty()) {
            header.put(METADATA, metadata);
        }
        long begin = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            long end = begin + (long) entry.getValue().size() * Float.BYTES;
            Map<String, Object> description = new LinkedHashMap<>();
            description.put("dtype", "F32");
            description.put("shape", entry.getValue().shape());
            description.put("data_offsets", List.of(begin, end));
            header.put(entry.getKey(), description);
            begin = end;
        }
        return Json.line(header);
    }

    /**
     * Reads a whole file. Allocates no tensor before it has checked that the header accounts for each byte of the file.
     *
     * @param length size of the file in bytes, according to its file system
     * @param path names the file in messages
     * @throws UserError if the file is not in this layout, or a float is not finite
     */
    public static SafeTensors read(InputStream in, long length, String path) throws IOException {
        byte[] lengthBytes = in.readNBytes(8);
        if (length < 8 || lengthBytes.length < 8) {
            throw Json.damaged(path, "it ends within its first 8 bytes", "the length of a header there");
        }
        long headerLength =
                ByteBuffer.wrap(lengthBytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (headerLength < 2 || headerLength > Math.min(MAX_HEADER_BYTES, length - 8)) {
            throw Json.damaged(
                    path,
                    "the header has a length of " + Long.toUnsignedString(headerLength) + " bytes",
                    "2 to %d in a file of %d bytes".formatted(Math.min(MAX_HEADER_BYTES, length - 8), length));
        }
        byte[] headerBytes = in.readNBytes((int) headerLength);
        if (headerBytes.length < headerLength) {
            throw cut(path, length);
        }
        if (headerBytes[0] != '{') {
            throw Json.damaged(path, "the header begins with byte " + (headerBytes[0] & 0xFF), "\"{\", byte 123");
        }
        JsonNode header = Json.tree(headerBytes, path);
        List<Entry> entries = entries(header, path);
        checkOffsets(entries, length - 8 - headerLength, path);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Entry entry : entries) {
            float[] values = new float[entry.size()];
            if (!LittleEndianFloats.read(in, values)) {
                throw cut(path, length);
            }
            checkFinite(entry.name, values, path);
            tensors.put(entry.name, Tensor.of(values, entry.shape));
        }
        if (in.read() != -1) {
            throw Json.damaged(path, "it goes on after its " + length + " bytes", "an end there");
        }
        return new SafeTensors(metadata(header.path(METADATA), path), tensors);
    }

    private record Entry(String name, List<Integer> shape, long begin, long end) {
        int size() {
            return (int) ((end - begin) / Float.BYTES);
        }
    }

    /** The tensors that the header names, in the order of their values. */
    private static List<Entry> entries(JsonNode header, String path) {
        List<Entry> entries = new ArrayList<>();
        for (Map.Entry<String, JsonNode> property : header.properties()) {
            if (!property.getKey().equals(METADATA)) {
                entries.add(entry(property.getKey(), property.getValue(), path));
            }
        }
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        return entries;
    }

    private static Entry entry(String name, JsonNode description, String path) {
        String tensor = "tensor \"" + name + "\"";
        if (!description.isObject()
                || description.size() != 3
                || !description.has("dtype")
                || !description.has("shape")
                || !description.has("data_offsets")) {
            throw Json.damaged(path, tensor + " has other fields", "dtype, shape and data_offsets");
        }
        if (!description.get("dtype").isTextual()
                || !description.get("dtype").textValue().equals("F32")) {
            throw Json.damaged(path, tensor + " has dtype " + description.get("dtype"), "\"F32\"");
        }
        List<Integer> shape = new ArrayList<>();
        long elements = 1;
        for (JsonNode extent : array(description.get("shape"), tensor + " shape", path)) {
            long value = natural(extent, tensor + " shape", path);
            // both factors stay below 2^31, so the product cannot overflow
            if (value > MAX_FLOATS || elements * value > MAX_FLOATS) {
                throw Json.damaged(
                        path, tensor + " has shape " + description.get("shape"), "at most " + MAX_FLOATS + " floats");
            }
            elements *= value;
            shape.add((int) value);
        }
        JsonNode offsets = array(description.get("data_offsets"), tensor + " data_offsets", path);
        if (offsets.size() != 2) {
            throw Json.damaged(path, tensor + " has data_offsets " + offsets, "a begin and an end");
        }
        long begin = natural(offsets.get(0), tensor + " data_offsets", path);
        long end = natural(offsets.get(1), tensor + " data_offsets", path);
        if (end - begin != elements * Float.BYTES) {
            throw Json.damaged(
                    path,
                    tensor + " of shape " + shape + " has data_offsets [" + begin + "," + end + "]",
                    elements * Float.BYTES + " bytes between them");
        }
        return new Entry(name, shape, begin, end);
    }

    private static void checkOffsets(List<Entry> entries, long dataLength, String path) {
        long position = 0;
        for (Entry entry : entries) {
            if (entry.begin != position) {
                throw Json.damaged(
                        path,
                        "tensor \"%s\" begins at offset %d, %s"
                                .formatted(
                                        entry.name,
                                        entry.begin,
                                        entry.begin < position ? "inside the one before it" : "after a gap"),
                        "offset " + position);
            }
            position = entry.end;
        }
        if (position != dataLength) {
            throw Json.damaged(
                    path,
                    "its tensors end at offset %d, but %d bytes follow the header".formatted(position, dataLength),
                    "the last tensor to end the file");
        }
    }

    private static void checkFinite(String name, float[] values, String path) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw Json.damaged(
                        path, "tensor \"%s\" holds %s at position %d".formatted(name, values[i], i), "finite floats");
            }
        }
    }

    private static Map<String, String> metadata(JsonNode node, String path) {
        if (!node.isMissingNode() && !node.isObject()) {
            throw Json.damaged(path, METADATA + " is " + node, "an object");
        }
        Map<String, String> metadata = new TreeMap<>();
        for (Map.Entry<String, JsonNode> property : node.properties()) {
            if (!property.getValue().isTextual()) {
                throw Json.damaged(path, METADATA + " holds " + property.getValue(), "text only");
            }
            metadata.put(property.getKey(), property.getValue().textValue());
        }
        return metadata;
    }

    private static JsonNode array(JsonNode node, String what, String path) {
        if (!node.isArray()) {
            throw Json.damaged(path, what + " is " + node, "an array");
        }
        return node;
    }

    private static long natural(JsonNode node, String what, String path) {
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
            throw Json.damaged(path, what + " holds " + node, "whole numbers from 0 to 2^63 - 1");
        }
        return node.longValue();
    }

    private static UserError cut(String path, long length) {
        return Json.damaged(path, "it ends too early", "all of its " + length + " bytes");
    }
}
