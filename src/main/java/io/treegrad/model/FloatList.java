package io.treegrad.model;

import java.util.ArrayList;
import java.util.List;

/** Floats as records of JSON hold them. */
final class FloatList {
    private FloatList() {}

    static List<Float> of(float[] values) {
        List<Float> list = new ArrayList<>(values.length);
        for (float value : values) {
            list.add(value);
        }
        return list;
    }

    static float[] array(List<Float> values) {
        float[] array = new float[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = values.get(i);
        }
        return array;
    }
}
