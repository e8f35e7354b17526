package io.treegrad.model;

import io.treegrad.network.Task;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What is written of each predicted row, and under which names: {@code number=ImageId,label=Label}. */
public record PredictionColumns(List<Column> columns) implements Serializable {
    /** What a column holds. */
    public enum Content {
        /** The number of the row, from 0. */
        ROW,
        /** The number of the row, from 1. */
        NUMBER,
        /** The column of the data that identifies the row. */
        ID,
        /** The name of the predicted class. */
        LABEL,
        /** The outputs of the network for all classes. */
        OUTPUTS,
        /** The predicted number, of a model that predicts numbers. */
        VALUE;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One column, or those of all outputs.
     *
     * @param given the name that the user gave it; empty if none
     */
    public record Column(Content content, String given) implements Serializable {
        /** Of a column, or of an array of all outputs. */
        String name() {
            return given.isEmpty() ? content.label() : given;
        }

        /** Where each output has a column of its own, with the class that it speaks for. */
        String nameOfOutput(String of) {
            return prefix() + "_" + of;
        }

        private String prefix() {
            return given.isEmpty() ? "output" : given;
        }
    }

    public PredictionColumns {
        columns = List.copyOf(columns);
    }

    /** What is written if nobody says otherwise. */
    public static PredictionColumns standard(Task task, boolean withIds) {
        String first = withIds ? "id" : "row";
        return parse(first + (task == Task.REGRESSION ? ",value" : ",label,outputs"))
                .orElseThrow();
    }

    /** Whether a model for a task can tell all of them. */
    public boolean areFor(Task task) {
        return task == Task.REGRESSION ? !has(Content.LABEL) && !has(Content.OUTPUTS) : !has(Content.VALUE);
    }

    /** Contents separated by commas, each with another name after {@code =} if it shall have one. */
    public static Optional<PredictionColumns> parse(String text) {
        List<Column> columns = new ArrayList<>();
        for (String item : text.split(",", -1)) {
            String[] words = item.strip().split("=", 2);
            Optional<Content> content = Arrays.stream(Content.values())
                    .filter(known -> known.label().equals(words[0]))
                    .findFirst();
            if (content.isEmpty() || (words.length == 2 && words[1].isBlank())) {
                return Optional.empty();
            }
            columns.add(new Column(content.get(), words.length == 2 ? words[1].strip() : ""));
        }
        return areDifferent(columns) ? Optional.of(new PredictionColumns(columns)) : Optional.empty();
    }

    /** Also from the columns of outputs, whose classes are not yet known. */
    private static boolean areDifferent(List<Column> columns) {
        Set<String> names = new HashSet<>(columns.stream().map(Column::name).toList());
        return names.size() == columns.size()
                && columns.stream()
                        .filter(column -> column.content() == Content.OUTPUTS)
                        .noneMatch(
                                outputs -> names.stream().anyMatch(name -> name.startsWith(outputs.nameOfOutput(""))));
    }

    public boolean has(Content content) {
        return columns.stream().anyMatch(column -> column.content() == content);
    }
}
